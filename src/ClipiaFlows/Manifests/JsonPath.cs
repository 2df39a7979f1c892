using System.Text;
using System.Text.Json;

namespace ClipiaFlows.Manifests;

/// <summary>Follows a JSON reader and knows where it is, without costing a string per token.</summary>
internal sealed class JsonPath
{
    private readonly List<Level> _levels = [];
    private bool _closed;

    public void Move(ref Utf8JsonReader reader)
    {
        if (_closed)
            _levels.RemoveAt(_levels.Count - 1);
        _closed = false;

        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                var start = (int)reader.TokenStartIndex + 1;
                _levels[^1] = _levels[^1] with { NameStart = start, NameLength = reader.ValueSpan.Length };
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                _closed = true;
                break;
            default:
                if (_levels.Count > 0 && _levels[^1].IsArray)
                    _levels[^1] = _levels[^1] with { Index = _levels[^1].Index + 1 };
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    _levels.Add(new(reader.TokenType == JsonTokenType.StartArray, Index: -1, NameStart: -1, NameLength: 0));
                break;
        }
    }

    public string Pointer(ReadOnlySpan<byte> utf8)
    {
        var pointer = "";
        // What is closed is not where the reader is any more.
        foreach (var level in _levels.Take(_closed ? _levels.Count - 1 : _levels.Count))
        {
            if (level is { IsArray: true, Index: >= 0 })
                pointer = JsonPointer.Child(pointer, level.Index);
            else if (level.NameStart >= 0)
                pointer = JsonPointer.Child(pointer, Encoding.UTF8.GetString(utf8.Slice(level.NameStart, level.NameLength)));
        }

        return pointer;
    }

    private readonly record struct Level(bool IsArray, int Index, int NameStart, int NameLength);
}
