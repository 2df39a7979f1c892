using System.Buffers.Binary;
using System.Text;

namespace ClipiaFlows.Azurite.Tests.Telemetry;

/// <summary>
/// A protobuf message read by field numbers. Own code, because no package with OpenTelemetry's messages is in the feed and
/// a receiver needs a dozen fields of them (opentelemetry-proto 1.x: trace, metrics and logs).
/// </summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Field, ulong Number, ReadOnlyMemory<byte> Bytes)> _fields = [];

    public ProtobufMessage(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var tag = Varint(ref bytes);
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    _fields.Add((field, Varint(ref bytes), default));
                    break;
                case 1:
                    _fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span), default));
                    bytes = bytes[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref bytes);
                    _fields.Add((field, 0, bytes[..length]));
                    bytes = bytes[length..];
                    break;
                case 5:
                    _fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span), default));
                    bytes = bytes[4..];
                    break;
                default:
                    throw new InvalidDataException($"Wire type {tag & 7} of field {field} is not known.");
            }
        }
    }

    public bool Has(int field) => _fields.Any(found => found.Field == field);

    public IEnumerable<ProtobufMessage> Messages(int field) =>
        _fields.Where(found => found.Field == field).Select(found => new ProtobufMessage(found.Bytes));

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field).Span);

    public string Hex(int field) => Convert.ToHexStringLower(Bytes(field).Span);

    public long Number(int field) => (long)_fields.LastOrDefault(found => found.Field == field).Number;

    public double Double(int field) => BitConverter.Int64BitsToDouble(Number(field));

    /// <summary>Key-value pairs as OpenTelemetry writes them: field 1 the key, field 2 one of several values.</summary>
    public Dictionary<string, string> Attributes(int field) => Messages(field).ToDictionary(
        pair => pair.Text(1), pair => pair.Messages(2).Select(Value).FirstOrDefault() ?? "");

    private static string Value(ProtobufMessage value) =>
        value.Has(1) ? value.Text(1) : value.Has(3) ? $"{value.Number(3)}" : value.Has(4) ? $"{value.Double(4)}" : $"{value.Number(2) != 0}";

    private ReadOnlyMemory<byte> Bytes(int field) => _fields.LastOrDefault(found => found.Field == field).Bytes;

    private static ulong Varint(ref ReadOnlyMemory<byte> bytes)
    {
        var (value, length) = (0UL, 0);
        byte next;
        do
        {
            next = bytes.Span[length];
            value |= (ulong)(next & 0x7F) << (7 * length++);
        }
        while ((next & 0x80) != 0);
        bytes = bytes[length..];
        return value;
    }
}
