using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace ClipiaFlows.Infra.Tests.Pipeline;

/// <summary>A workflow file and the rules of our own that linters do not know.</summary>
internal sealed partial class Workflow(string text)
{
    private readonly YamlMappingNode _root = Parse(text);

    public static IEnumerable<string> Files => Directory.EnumerateFiles(RepositoryFolder.Of(".github/workflows"), "*.yml");

    /// <summary>Jobs by name.</summary>
    public IEnumerable<KeyValuePair<string, YamlMappingNode>> Jobs =>
        Map(_root, "jobs")!.Select(job => KeyValuePair.Create(job.Key.ToString(), (YamlMappingNode)job.Value));

    /// <summary>What breaks a rule, a line each.</summary>
    public IEnumerable<string> Problems()
    {
        if (Map(_root, "permissions") is not { } permissions || permissions.Any(permission => permission.Value.ToString() is not ("read" or "none")))
            yield return "The workflow itself must not have more than permission to read.";
        foreach (var use in Uses().Where(use => !Pinned().IsMatch(use)))
            yield return $"'{use}' is not pinned to a commit with its release behind it.";
        foreach (var (name, job) in Jobs)
        {
            if (!job.Children.ContainsKey("timeout-minutes"))
                yield return $"Job '{name}' has no time limit.";
            var steps = job["steps"].ToString();
            if (Map(job, "permissions") is { } own && own.Any(permission => permission.Key.ToString() == "id-token") && !job.Children.ContainsKey("environment"))
                yield return $"Job '{name}' may sign in to Azure without an environment that guards it.";
            if (steps.Contains("AZURE_CREDENTIALS", StringComparison.Ordinal) || steps.Contains("client-secret", StringComparison.Ordinal))
                yield return $"Job '{name}' signs in with a secret instead of a federated credential.";
        }
    }

    // With their comments, which the parser drops.
    private IEnumerable<string> Uses() => Use().Matches(text).Select(match => match.Groups[1].Value.Trim());

    private static YamlMappingNode Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static YamlMappingNode? Map(YamlMappingNode node, string name) =>
        node.Children.TryGetValue(name, out var value) ? value as YamlMappingNode : null;

    [GeneratedRegex(@"uses:\s*(.+)$", RegexOptions.Multiline)]
    private static partial Regex Use();

    [GeneratedRegex(@"^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex Pinned();
}
