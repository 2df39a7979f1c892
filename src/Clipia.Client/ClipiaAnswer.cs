using System.Text;
using System.Text.Json;

namespace Clipia;

/// <summary>What every answer of the API carries besides its typed parts.</summary>
public abstract record ClipiaAnswer
{
    /// <summary>
    /// The whole answer, for fields that this library does not know yet. It owns its memory and may be kept.
    /// Undefined when the answer was constructed by hand.
    /// </summary>
    public JsonElement Raw { get; init; }

    /// <summary>The key's request rate as of this answer, when the answer told.</summary>
    public RateLimit? RateLimit { get; init; }

    /// <summary>Leaves <see cref="Raw"/> out of the text form: it is long and holds what nobody wants in a log.</summary>
    protected virtual bool PrintMembers(StringBuilder builder) => false;
}
