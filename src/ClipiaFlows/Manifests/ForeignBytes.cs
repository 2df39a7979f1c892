namespace ClipiaFlows.Manifests;

/// <summary>Recognizes what is sent in the place of JSON in UTF-8, by its first bytes.</summary>
internal static class ForeignBytes
{
    // Longer signatures first: the mark of UTF-32 begins with that of UTF-16.
    private static readonly (byte[] Signature, string Name)[] Known =
    [
        ([0xFF, 0xFE, 0, 0], "UTF-32 (little endian)"),
        ([0, 0, 0xFE, 0xFF], "UTF-32 (big endian)"),
        ([0xFF, 0xFE], "UTF-16 (little endian)"),
        ([0xFE, 0xFF], "UTF-16 (big endian)"),
        ([0x1F, 0x8B], "gzip"),
        ([0x50, 0x4B, 3, 4], "a zip archive"),
        ([0x28, 0xB5, 0x2F, 0xFD], "Zstandard"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "xz"),
        ([0x42, 0x5A, 0x68], "bzip2"),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive"),
        ([0x25, 0x50, 0x44, 0x46, 0x2D], "PDF"),
        ([0x89, 0x50, 0x4E, 0x47], "a PNG picture"),
        ([0xFF, 0xD8, 0xFF], "a JPEG picture"),
    ];

    /// <summary>What the bytes are; null when they can be UTF-8, as far as their beginning shows.</summary>
    public static string? NameOf(ReadOnlySpan<byte> bytes)
    {
        foreach (var (signature, name) in Known)
        {
            if (bytes.StartsWith(signature))
                return name;
        }

        // JSON begins with ASCII, so the zeros around its first characters show the width of the others.
        return bytes switch
        {
            [not 0, 0, 0, 0, ..] => "UTF-32 (little endian)",
            [0, 0, 0, not 0, ..] => "UTF-32 (big endian)",
            [not 0, 0, not 0, 0, ..] => "UTF-16 (little endian)",
            [0, not 0, 0, not 0, ..] => "UTF-16 (big endian)",
            _ => null,
        };
    }

    /// <summary>What a text probably is whose bytes from here on are not UTF-8; null when nothing is likely.</summary>
    public static string? EncodingAt(ReadOnlySpan<byte> invalid) => invalid switch
    {
        [0xED, >= 0xA0 and <= 0xBF, ..] => "half of a surrogate pair, as CESU-8 writes it",
        [0xC0 or 0xC1, >= 0x80 and <= 0xBF, ..] => "a character in more bytes than it needs",
        [>= 0xA0 and <= 0xFE, ..] or [0x80 or 0x84 or 0x85 or (>= 0x91 and <= 0x97), ..] => "Windows-1252 or Latin-1",
        _ => null,
    };
}
