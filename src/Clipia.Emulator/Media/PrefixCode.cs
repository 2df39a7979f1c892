namespace Clipia.Emulator;

/// <summary>A canonical Huffman code of VP8L: symbols by the length of their codes, 0 for none, at most 15.</summary>
internal sealed class PrefixCode
{
    private const int Longest = 15;

    // Order in which the lengths of the code for lengths are written; 16 to 18 are repetitions, which are not used here.
    private static readonly int[] Order = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    private readonly int[] _lengths;
    private readonly int[] _codes;

    public PrefixCode(int[] lengths)
    {
        _lengths = lengths;
        _codes = new int[lengths.Length];
        var next = 0;
        for (var length = 1; length <= Longest; length++)
        {
            next <<= 1;
            for (var symbol = 0; symbol < lengths.Length; symbol++)
            {
                if (lengths[symbol] == length)
                    _codes[symbol] = next++;
            }
        }
    }

    /// <summary>The best code for symbols that occur so often; at least two get one.</summary>
    public static PrefixCode For(int[] counts)
    {
        for (var symbol = 0; counts.Count(count => count > 0) < 2; symbol++)
            counts[symbol] = Math.Max(1, counts[symbol]);
        while (true)
        {
            var lengths = LengthsOf(counts);
            if (lengths.Max() <= Longest)
                return new(lengths);
            // Rare symbols made less rare make the tree flatter.
            counts = [.. counts.Select(count => count == 0 ? 0 : count / 2 + 1)];
        }
    }

    /// <summary>A code of one symbol, 0, which takes no bits.</summary>
    public static void WriteSingle(LowBitWriter bits) => bits.Write(1, 4);

    /// <summary>A code of two symbols of one bit each; the first is 0 or 1.</summary>
    public static void WritePair(LowBitWriter bits, int first, int second)
    {
        bits.Write(0b011, 3);
        bits.Write(first, 1);
        bits.Write(second, 8);
    }

    public void Write(LowBitWriter bits, int symbol) => bits.WriteReversed(_codes[symbol], _lengths[symbol]);

    /// <summary>Writes the lengths, each in four bits.</summary>
    public void WriteTo(LowBitWriter bits)
    {
        bits.Write(0, 1);
        bits.Write(Order.Length - 4, 4);
        foreach (var length in Order)
            bits.Write(length > Longest ? 0 : 4, 3);
        bits.Write(0, 1);
        foreach (var length in _lengths)
            bits.WriteReversed(length, 4);
    }

    private static int[] LengthsOf(int[] counts)
    {
        var parents = new int[2 * counts.Length];
        var open = new PriorityQueue<int, (long Count, int Node)>();
        for (var symbol = 0; symbol < counts.Length; symbol++)
        {
            if (counts[symbol] > 0)
                open.Enqueue(symbol, (counts[symbol], symbol));
        }
        var root = counts.Length;
        while (open.TryDequeue(out var one, out var first) && open.TryDequeue(out var other, out var second))
        {
            parents[one] = parents[other] = root;
            open.Enqueue(root, (first.Count + second.Count, root));
            root++;
        }
        root--;
        return [.. counts.Select((count, symbol) => count == 0 ? 0 : DepthOf(symbol))];

        int DepthOf(int node)
        {
            var depth = 0;
            for (; node != root; node = parents[node])
                depth++;
            return depth;
        }
    }
}
