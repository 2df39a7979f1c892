using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.LocalRuntime.Hosting.Timers;

/// <summary>Remembers when each timer ran last and is due next, one small file each; so a missed run is noticed.</summary>
internal sealed class ScheduleStore(string dataDirectory, ILogger log)
{
    // Names of functions are plain enough for file names.
    private string PathOf(string function) => Path.Combine(dataDirectory, "timers", function + ".json");

    /// <summary>Null when the function has not been seen yet, or when its file is broken.</summary>
    public ScheduleStatus? Read(string function)
    {
        try
        {
            return JsonSerializer.Deserialize<ScheduleStatus>(File.ReadAllBytes(PathOf(function)));
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception broken) when (broken is JsonException or IOException)
        {
            log.LogWarning(
                "The schedule of timer '{Function}' cannot be read and starts afresh: {Reason}", function, broken.Message);
            return null;
        }
    }

    /// <summary>Replaces the file in one step, so that a killed process leaves the old one or the new one.</summary>
    public void Write(string function, ScheduleStatus status)
    {
        var path = PathOf(function);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(status));
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            log.LogWarning("The schedule of timer '{Function}' cannot be kept: {Reason}", function, full.Message);
        }
    }
}
