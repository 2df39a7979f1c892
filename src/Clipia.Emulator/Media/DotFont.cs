namespace Clipia.Emulator;

/// <summary>Capital letters (Latin, Cyrillic), digits and punctuation as 5 by 7 dots. Each row is five bits, the leftmost highest.</summary>
internal static class DotFont
{
    public const int Width = 5;
    public const int Height = 7;
    public const int Advance = 6;

    // An accent more or less keeps no word from being read. A table, because without ICU nothing takes letters apart.
    private const string Accented = "ÀÁÂÃÄÅĄÇĆČĎÈÉÊËĘĚĞÌÍÎÏİŁÑŃŇÒÓÔÕÖØŐŘŚŞŠßŤÙÚÛÜŮŰÝŹŻŽ";
    private const string Plain = "AAAAAAACCCDEEEEEEGIIIIILNNNOOOOOOORSSSSTUUUUUUYZZZ";

    private static readonly byte[] Unknown = Convert.FromHexString("1F11111111111F");
    private static readonly byte[] Blank = new byte[Height];

    private static readonly Dictionary<char, byte[]> Glyphs = Read("""
        A0E11111F111111 B1E11111E11111E C0E11101010110E D1E11111111111E E1F10101E10101F F1F10101E101010 G0E11101713110F
        H1111111F111111 I0E04040404040E J0702020202120C K11121418141211 L1010101010101F M111B1515111111 N11191915131311
        O0E11111111110E P1E11111E101010 Q0E11111115120D R1E11111E141211 S0F10100E01011E T1F040404040404 U1111111111110E
        V11111111110A04 W111111151515 0A X11110A040A1111 Y11110A04040404 Z1F01020408101F
        00E11131519110E 1040C040404040E 20E11010204081F 31F02040201110E 402060A121F0202 51F101E0101110E 60608101E11110E
        71F010204080808 80E11110E11110E 90E11110F01020C
        .0000000000 0C0C ,00000000 0C0408 :000C0C000C0C00 ;000C0C000C0408 !04040404040004 ?0E110102040004 -0000001F000000
        _0000000000001F /01010204081010 '0C040800000000 "0A0A0A00000000 (02040808080402 )08040202020408 +0004041F040400
        =00001F001F0000 &0C12140815120D %18190204081303 #0A0A1F0A1F0A0A *0004150E150400 @0E11171517100E «00050A140A0500 »00140A050A1400
        Б1F10101E11111E Г1F101010101010 Д060A0A0A0A1F11 Ж1515150E151515 З0E11010601110E И11111315191111 Й15111315191111
        Л07090909090911 П1F111111111111 У1111110F01110E Ф040E1515150E04 Ц1212121212121F Ч1111110F010101 Ш1515151515151F
        Щ1515151515151F Ъ180808 0E09090E Ы1111111915151 9 Ь1010101E11111E Э0E11010701110E Ю12151 51D151512 Я0F11110F050911
        Ё0A1F101E10101F А0E11111F111111 В1E11111E11111E Е1F10101E10101F К11121418141211 М111B1515111111 Н1111111F111111
        О0E11111111110E Р1E11111E101010 С0E11101010110E Т1F040404040404 Х11110A040A1111
        """);

    public static byte[] RowsOf(char letter)
    {
        if (char.IsWhiteSpace(letter))
            return Blank;
        var capital = char.ToUpperInvariant(letter);
        if (Glyphs.TryGetValue(capital, out var rows))
            return rows;
        return Accented.IndexOf(capital, StringComparison.Ordinal) is >= 0 and var at ? Glyphs[Plain[at]] : Unknown;
    }

    /// <summary>The table is a letter and 14 hexadecimal digits each; whitespace between and inside them does not matter.</summary>
    private static Dictionary<char, byte[]> Read(string table)
    {
        const int length = 1 + 2 * Height;
        var dense = string.Concat(table.Where(letter => !char.IsWhiteSpace(letter)));
        return dense.Chunk(length).ToDictionary(entry => entry[0], entry => Convert.FromHexString(entry.AsSpan(1)));
    }
}
