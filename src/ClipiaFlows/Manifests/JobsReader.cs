using System.Text.Json;

namespace ClipiaFlows.Manifests;

/// <summary>Reads the jobs as written, and what they have by default.</summary>
internal sealed class JobsReader(ProblemList problems, Nearest nearest, bool hasDefaultModel)
{
    public ManifestDefaults Defaults(ObjectReader root)
    {
        if (root.Any("defaults") is not { } element)
            return new();
        var defaults = ObjectReader.Open(element, root.At("defaults"), ManifestFields.Defaults, problems, nearest);
        if (defaults is null)
            return new();
        return new()
        {
            Model = defaults.TextWithContent("model"),
            Input = defaults.Object("input") ?? default,
            OutputPath = OutputPath(defaults),
        };
    }

    public List<ManifestJob> Read(ObjectReader root)
    {
        var jobs = new List<ManifestJob>();
        if (!root.Has("jobs"))
            root.Missing("jobs", "an array of jobs");
        if (root.Array("jobs") is not { } element)
            return jobs;

        if (element.GetArrayLength() == 0)
            problems.Add(ProblemCodes.BadValue, root.At("jobs"), "[]", "at least one job", "There are no jobs.");

        var index = 0;
        foreach (var job in element.EnumerateArray())
        {
            if (Read(job, JsonPointer.Child(root.At("jobs"), index++)) is { } read)
                jobs.Add(read);
        }

        return jobs;
    }

    /// <summary>One job; null, and a problem, when it has no id.</summary>
    public ManifestJob? Read(JsonElement element, string pointer)
    {
        var job = ObjectReader.Open(element, pointer, ManifestFields.Job, problems, nearest);
        if (job is null)
            return null;

        if (!job.Has("id"))
            job.Missing("id", "an id that no other job has");
        if (!job.Has("model") && !hasDefaultModel)
            job.Missing("model", "a model's slug, here or in defaults");

        var read = new ManifestJob
        {
            Pointer = pointer,
            Id = job.TextWithContent("id") ?? "",
            Model = job.TextWithContent("model"),
            Input = job.Object("input") ?? default,
            Needs = Needs(job),
            Count = job.Integer("count", 1, 1000) ?? 1,
            Priority = job.Integer("priority", -100, 100) ?? 0,
            OutputPath = OutputPath(job),
        };
        return read.Id.Length == 0 ? null : read;
    }

    private List<PointedText> Needs(ObjectReader job)
    {
        var needs = new List<PointedText>();
        if (job.Array("needs") is not { } element)
            return needs;

        var index = 0;
        foreach (var need in element.EnumerateArray())
        {
            var pointer = JsonPointer.Child(job.At("needs"), index++);
            if (ObjectReader.Is(need, JsonValueKind.String, "the id of a job", pointer, problems))
                needs.Add(new(pointer, need.GetString()!));
        }

        return needs;
    }

    private string? OutputPath(ObjectReader owner)
    {
        if (owner.Any("output") is not { } element)
            return null;
        return ObjectReader.Open(element, owner.At("output"), ManifestFields.Output, problems, nearest)
            ?.TextWithContent("path");
    }
}
