using System.Text.Json;

namespace ClipiaFlows.Manifests;

/// <summary>Reads who is told.</summary>
internal static class NotifyReader
{
    private const int Most = 10;

    public static List<ManifestNotification> Read(ObjectReader root, ProblemList problems, Nearest nearest)
    {
        var notify = new List<ManifestNotification>();
        if (root.Array("notify") is not { } element)
            return notify;
        if (element.GetArrayLength() > Most)
        {
            problems.Add(
                ProblemCodes.BadValue, root.At("notify"), $"{element.GetArrayLength()} entries", $"at most {Most} entries",
                "Too many are to be told.");
            return notify;
        }

        var index = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in element.EnumerateArray())
        {
            var pointer = JsonPointer.Child(root.At("notify"), index++);
            if (Read(entry, pointer, problems, nearest) is not { } read)
                continue;
            if (seen.Add(read.Webhook?.AbsoluteUri ?? (read.Queue ? "queue" : "eventGrid")))
                notify.Add(read);
            else
            {
                problems.Add(
                    ProblemCodes.DuplicateValue, pointer, Shown.Json(entry), "each recipient once",
                    "The same recipient would be told twice.");
            }
        }

        return notify;
    }

    private static ManifestNotification? Read(JsonElement element, string pointer, ProblemList problems, Nearest nearest)
    {
        if (ObjectReader.Open(element, pointer, ManifestFields.Notification, problems, nearest) is not { } entry)
            return null;
        var given = ManifestFields.Notification.Where(entry.Has).ToList();
        if (given.Count != 1)
        {
            problems.Add(
                ProblemCodes.NotExactlyOne, pointer, given.Count == 0 ? "none" : string.Join(", ", given),
                "exactly one of webhook, queue and eventGrid",
                given.Count == 0 ? "The entry names no recipient." : "The entry names several recipients.");
            return null;
        }

        var read = new ManifestNotification
        {
            Pointer = pointer,
            Webhook = Webhook(entry, problems),
            Queue = entry.True("queue"),
            EventGrid = entry.True("eventGrid"),
        };
        return read.Webhook is null && !read.Queue && !read.EventGrid ? null : read;
    }

    private static Uri? Webhook(ObjectReader entry, ProblemList problems)
    {
        if (entry.Text("webhook") is not { } text)
            return null;
        if (WebhookAddress.Objection(text) is not { } expected)
            return new Uri(new Uri(text).AbsoluteUri);
        problems.Add(
            ProblemCodes.BadValue, entry.At("webhook"), WebhookAddress.WithoutSecrets(text), expected,
            "The address cannot be that of a webhook.");
        return null;
    }
}
