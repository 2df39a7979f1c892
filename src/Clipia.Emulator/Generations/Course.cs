using System.Security.Cryptography;
using System.Text;

namespace Clipia.Emulator;

/// <summary>How a generation will go: when it starts, when it ends and how. Decided at acceptance.</summary>
internal readonly record struct Course(TimeSpan Queue, TimeSpan Total, string Outcome, GenerationError? Error)
{
    private const double QueueShare = 0.15;
    private const double Jitter = 0.3;

    public static readonly Course Immediate = new(TimeSpan.Zero, TimeSpan.Zero, GenerationStatus.Completed, null);

    /// <param name="requestId">Decides the jitter, so that a request always takes the same time.</param>
    /// <param name="meanSeconds">Mean duration.</param>
    public static Course For(string requestId, double meanSeconds)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.ASCII.GetBytes(requestId), hash);
        var jitter = 1 + Jitter * (BitConverter.ToUInt32(hash) / (double)uint.MaxValue * 2 - 1);
        var total = TimeSpan.FromSeconds(meanSeconds * jitter);
        return new(total * QueueShare, total, GenerationStatus.Completed, null);
    }
}
