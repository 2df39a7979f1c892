namespace Clipia.Emulator;

internal static class H264Unit
{
    /// <summary>Wraps a payload so that no part of it looks like the start of a unit.</summary>
    public static byte[] Create(byte header, BitWriter bits)
    {
        var payload = bits.Finish();
        var unit = new List<byte>(payload.Length + payload.Length / 64 + 1) { header };
        var zeros = 0;
        foreach (var value in payload)
        {
            // Two zero bytes followed by a small one would look like the start of the next unit.
            if (zeros == 2 && value <= 3)
            {
                unit.Add(3);
                zeros = 0;
            }
            unit.Add(value);
            zeros = value == 0 ? zeros + 1 : 0;
        }
        return [.. unit];
    }
}
