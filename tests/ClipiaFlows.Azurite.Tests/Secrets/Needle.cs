using System.Text;

namespace ClipiaFlows.Azurite.Tests.Secrets;

/// <summary>Something that must not be found, in every form that it could have been written in.</summary>
internal sealed class Needle(string name, string text)
{
    private readonly byte[][] _forms =
    [
        Encoding.UTF8.GetBytes(text),
        Encoding.Unicode.GetBytes(text),
        Encoding.UTF8.GetBytes(Uri.EscapeDataString(text)),
        Encoding.UTF8.GetBytes(text.Replace("\"", "\\\"", StringComparison.Ordinal)),
        .. Enumerable.Range(0, 3).Select(shift => InBase64(text, shift)),
    ];

    public string Name { get; } = name;

    public bool IsIn(ReadOnlySpan<byte> haystack)
    {
        foreach (var form in _forms)
        {
            if (haystack.IndexOf(form) >= 0)
                return true;
        }

        return false;
    }

    /// <summary>The letters of Base64 that the text alone decides, when so many bytes stand before it in a group of three.</summary>
    private static byte[] InBase64(string text, int shift)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var whole = Convert.ToBase64String([.. new byte[shift], .. bytes]);
        var first = (shift * 8 + 5) / 6;
        var last = (shift + bytes.Length) * 8 / 6;
        return Encoding.ASCII.GetBytes(whole[first..last]);
    }
}
