namespace ClipiaFlows.Manifests;

/// <summary>Reads how a batch is to be run.</summary>
internal static class PolicyReader
{
    public static ManifestPolicy Read(ObjectReader root, ProblemList problems, Nearest nearest)
    {
        if (root.Any("policy") is not { } element)
            return new();
        var policy = ObjectReader.Open(
            element, root.At("policy"), ManifestFields.Policy, NotYetSupported.Policy, problems, nearest);
        if (policy is null)
            return new();

        CheckReuse(policy, problems, nearest);
        return new()
        {
            MaxConcurrency = policy.Integer("maxConcurrency", 1, 1000),
            Retries = policy.Integer("retries", 0, 10) ?? 0,
        };
    }

    private static void CheckReuse(ObjectReader policy, ProblemList problems, Nearest nearest)
    {
        if (policy.Text("reuse") is not { } reuse || reuse == "never")
            return;
        if (NotYetSupported.Reuse.Contains(reuse))
            NotYetSupported.Refuse(problems, policy.At("reuse"), policy.Any("reuse")!.Value);
        else
        {
            problems.Add(
                ProblemCodes.BadValue, policy.At("reuse"), Shown.Text(reuse), "never",
                "'reuse' can only be never.", nearest.To(reuse, ["never"]));
        }
    }
}
