using System.Text.Json;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>An input object with its strings taken apart.</summary>
/// <param name="Fields">The fields in order, and where each is written: in the job or in the defaults.</param>
internal sealed record InputTemplate(IReadOnlyList<InputTemplate.Field> Fields)
{
    public static readonly InputTemplate Empty = new([]);

    public sealed record Field(string Name, string Pointer, Node Value)
    {
        /// <summary>True when the value is not what was meant, which is told already.</summary>
        public bool IsBroken { get; } = TemplatesOf(Value).Any(template => template.IsBroken);
    }

    public abstract record Node
    {
        /// <summary>Anything in which nothing is to be replaced.</summary>
        public sealed record Literal(JsonElement Value) : Node;

        public sealed record Text(Template Template) : Node;

        public sealed record Members(IReadOnlyList<KeyValuePair<string, Node>> All) : Node;

        public sealed record Items(IReadOnlyList<Node> All) : Node;
    }

    public IEnumerable<Template> Templates => Fields.SelectMany(one => TemplatesOf(one.Value));

    /// <summary>These fields where the defaults have none of the name; <c>null</c> takes a default away.</summary>
    public InputTemplate Over(InputTemplate defaults)
    {
        var own = Fields.Select(field => field.Name).ToHashSet();
        return new(defaults.Fields.Where(field => !own.Contains(field.Name)).Concat(Fields)
            .Where(field => field.Value is not Node.Literal { Value.ValueKind: JsonValueKind.Null })
            .ToList());
    }

    public static InputTemplate Parse(JsonElement input, string pointer, TemplateParser parser, ProblemList problems)
    {
        if (input.ValueKind != JsonValueKind.Object)
            return Empty;
        return new(JsonMembers.Of(input, pointer, problems)
            .Select(member => (member.Key, At: JsonPointer.Child(pointer, member.Key), member.Value))
            .Select(member => new Field(member.Key, member.At, Compile(member.Value, member.At)))
            .ToList());

        Node Compile(JsonElement element, string at) => element.ValueKind switch
        {
            JsonValueKind.String when element.GetString()!.Contains("{{", StringComparison.Ordinal) =>
                new Node.Text(parser.Parse(at, element.GetString()!)),
            JsonValueKind.Object => new Node.Members(JsonMembers.Of(element, at, problems)
                .Select(member => KeyValuePair.Create(member.Key, Compile(member.Value, JsonPointer.Child(at, member.Key))))
                .ToList()),
            JsonValueKind.Array => new Node.Items(element.EnumerateArray()
                .Select((item, index) => Compile(item, JsonPointer.Child(at, index)))
                .ToList()),
            _ => new Node.Literal(element),
        };
    }

    private static IEnumerable<Template> TemplatesOf(Node node) => node switch
    {
        Node.Text text => [text.Template],
        Node.Members members => members.All.SelectMany(member => TemplatesOf(member.Value)),
        Node.Items items => items.All.SelectMany(TemplatesOf),
        _ => [],
    };
}
