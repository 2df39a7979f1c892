using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClipiaFlows.Functions;

/// <summary>Reads request bodies up to a cap, and keeps what many of them need together within bounds.</summary>
/// <remarks>
/// What is not whole yet waits in a file, so that senders who never finish hold no memory. Of large ones that are whole, one
/// at a time is in memory until it is answered, and one more of a dry run: pricing takes up to 25 seconds, and a start does not
/// wait for that.
/// </remarks>
internal static class RequestBody
{
    private const int BufferSize = 16 * 1024;
    private const int MostInMemory = 64 * 1024;
    private const int Large = 1024 * 1024;
    private static readonly SemaphoreSlim LargeOnes = new(1);
    private static readonly SemaphoreSlim LargeDryRuns = new(1);

    /// <summary>The whole body, or <c>null</c> when it is larger; then no more than the cap was read.</summary>
    /// <exception cref="BadHttpRequestException">It breaks HTTP, or was broken off.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int cap, CancellationToken cancellation)
    {
        if (request.ContentLength > cap)
            return null;
        // Kestrel's own limit, 30 MB in the worker on Azure, is below that of a manifest; the cap here is the only one.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;

        using var start = new MemoryStream();
        if (await CopyAsync(request, start, MostInMemory, cancellation))
            return start.GetBuffer().AsMemory(0, (int)start.Length);

        await using var spool = CreateFile();
        start.WriteTo(spool);
        if (!await CopyAsync(request, spool, cap, cancellation))
            return null;
        return await LoadAsync(request, spool, cancellation);
    }

    /// <summary>Copies until the body ends within the limit, which it tells, or something beyond it has come.</summary>
    private static async Task<bool> CopyAsync(HttpRequest request, Stream to, int limit, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (to.Length <= limit)
            {
                var length = await request.Body.ReadAsync(buffer, cancellation);
                if (length == 0)
                    return true;
                await to.WriteAsync(buffer.AsMemory(0, length), cancellation);
            }

            // What came is kept: a larger place may hold it.
            return false;
        }
        catch (IOException broken) when (broken is not BadHttpRequestException)
        {
            // A chunk's size beyond every number, for one.
            throw new BadHttpRequestException("The body could not be read.", StatusCodes.Status400BadRequest, broken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> LoadAsync(HttpRequest request, FileStream spool, CancellationToken cancellation)
    {
        if (spool.Length > Large)
        {
            var turn = request.Query["dryRun"] == "true" ? LargeDryRuns : LargeOnes;
            await turn.WaitAsync(cancellation);
            request.HttpContext.Response.RegisterForDispose(new Turn(turn));
        }

        var body = new byte[spool.Length];
        spool.Position = 0;
        await spool.ReadExactlyAsync(body, cancellation);
        return body;
    }

    /// <summary>Readable by the app's user only, since it may hold prompts, and gone when it is closed.</summary>
    private static FileStream CreateFile()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(Path.Combine(Path.GetTempPath(), $"clipiaflows-{Guid.NewGuid():N}"), options);
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
