using System.Text;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Cli.Downloads;

/// <summary>A folder that is to get folders of batches.</summary>
internal static class TargetFolder
{
    private const int MaxPathBytes = 4095;

    // The folder of a batch and the path of an output have at most as many letters together.
    private const int RoomForOutputs = 260;

    private const int ProbeBytes = 4096;

    /// <summary>Proves, before anything is paid, that files can be written there, and leaves everything as it was.</summary>
    /// <param name="folder">The folder, which need not be there.</param>
    /// <param name="option">The option that named it.</param>
    /// <exception cref="CommandFailure">They cannot; the message says why.</exception>
    public static void Check(DirectoryInfo folder, string option)
    {
        if (!TerminalText.IsPlain(folder.FullName))
            throw Refused(option, folder, "its name holds a control character");
        if (Encoding.UTF8.GetByteCount(folder.FullName) > MaxPathBytes - RoomForOutputs)
            throw Refused(option, folder, "its path is too long");
        var created = new Stack<string>();
        try
        {
            for (var at = folder; at is not null && !at.Exists; at = at.Parent)
            {
                if (File.Exists(at.FullName))
                    throw Refused(option, folder, $"{at.FullName} is a file");
                created.Push(at.FullName);
            }

            Directory.CreateDirectory(folder.FullName);
            var probe = Path.Combine(folder.FullName, $".{Guid.NewGuid():N}.partial");
            using var file = new FileStream(probe, new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose, BufferSize = 0,
            });
            // A full disk still takes empty files.
            file.Write(new byte[ProbeBytes]);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Refused(option, folder, Reason(failure));
        }
        finally
        {
            foreach (var missing in created.Reverse())
                RemoveEmpty(missing);
        }
    }

    /// <summary>The folder of a batch, named after the id that was asked for.</summary>
    /// <exception cref="CommandFailure">It is a link, which could lead anywhere, or the id is none.</exception>
    public static string OfBatch(DirectoryInfo folder, string id)
    {
        if (!BatchId.IsValid(id))
            throw new CommandFailure($"'{id}' is not the id of a batch; `clipiaflows list` shows the ids.", ExitCodes.WrongUsage);
        var path = Path.Combine(folder.FullName, id);
        return new DirectoryInfo(path).LinkTarget is null
            ? path
            : throw new CommandFailure($"{path} is a link, and files are only written into a folder; remove the link or name another folder.");
    }

    private static void RemoveEmpty(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            // It was not made, or something is in it by now.
        }
    }

    private static string Reason(Exception failure) =>
        LocalFile.IsDiskFull(failure) ? "its disk is full"
        : failure is UnauthorizedAccessException ? "it cannot be written to"
        : failure is PathTooLongException ? "its path is too long"
        : failure.Message.TrimEnd('.');

    private static CommandFailure Refused(string option, DirectoryInfo folder, string why) =>
        new($"{option}: files cannot be written to '{folder.FullName}', because {why}. Name another folder.", ExitCodes.WrongUsage);
}
