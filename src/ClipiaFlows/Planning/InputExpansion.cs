using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>Writes the input of one job: values in the place of variables, references made exact.</summary>
internal sealed class InputExpansion(JobNeeds needs, PlanFacts facts, ProblemList problems)
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private long _total;

    /// <summary>False once all inputs together are larger than a plan may be.</summary>
    public bool IsWithinLimits => _total <= ManifestLimits.MaxPlanBytes;

    /// <summary>The input; what could not be written is empty in it, and a problem.</summary>
    public JsonElement Expand(Repetition job, HashSet<int> needed)
    {
        _buffer.ResetWrittenCount();
        facts.Budget.Spend();
        using (var writer = new Utf8JsonWriter(_buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var field in job.Template.Input.Fields)
            {
                writer.WritePropertyName(field.Name);
                Write(field.Value, job, needed, writer);
            }

            writer.WriteEndObject();
        }

        // The plan holds both.
        _total += _buffer.WrittenCount + job.Template.Variables.Sum(variable => (long)job.Text(variable.Name, facts).Length);
        TellGrowth(job);
        return JsonElement.Parse(_buffer.WrittenSpan);
    }

    private void TellGrowth(Repetition job)
    {
        var pointer = $"{job.Template.Job.Pointer}/input";
        if (_buffer.WrittenCount > ManifestLimits.MaxExpandedLength)
        {
            problems.AddRepeated(
                ProblemCodes.TooLarge, pointer, $"{_buffer.WrittenCount} bytes or more",
                $"at most {ManifestLimits.MaxExpandedLength} bytes", "The job's input grows too large.");
        }

        if (!IsWithinLimits)
        {
            problems.AddRepeated(
                ProblemCodes.TooLarge, "/jobs", null, $"at most {ManifestLimits.MaxPlanBytes} bytes of inputs and variables in a batch",
                "All inputs and values of variables together grow too large.");
        }
    }

    private void Write(InputTemplate.Node node, Repetition job, HashSet<int> needed, Utf8JsonWriter writer)
    {
        switch (node)
        {
            case InputTemplate.Node.Literal literal:
                literal.Value.WriteTo(writer);
                break;
            case InputTemplate.Node.Members members:
                writer.WriteStartObject();
                foreach (var (name, value) in members.All)
                {
                    writer.WritePropertyName(name);
                    Write(value, job, needed, writer);
                }

                writer.WriteEndObject();
                break;
            case InputTemplate.Node.Items items:
                writer.WriteStartArray();
                facts.Budget.Spend(items.All.Count);
                foreach (var item in items.All)
                    Write(item, job, needed, writer);
                writer.WriteEndArray();
                break;
            case InputTemplate.Node.Text { Template: var template }:
                Write(template, job, needed, writer);
                break;
        }
    }

    private void Write(Template template, Repetition job, HashSet<int> needed, Utf8JsonWriter writer)
    {
        // What is too large already is told and never used; a few hundred texts within the limit would be gigabytes.
        if (writer.BytesCommitted + writer.BytesPending > ManifestLimits.MaxExpandedLength)
            writer.WriteNullValue();
        else if (template.Whole is { } whole && TypedValue(whole, job) is { } value)
            value.WriteTo(writer);
        else if (template.Whole == Variables.Index)
            writer.WriteNumberValue(job.Replica);
        else
        {
            writer.WriteStringValue(TextExpansion.Expand(
                template, name => job.Text(name, facts), problems,
                reference => needs.Refer(job, template, reference, needed)) ?? "");
        }
    }

    /// <summary>A number or boolean that is the whole string stays a number or boolean.</summary>
    private static JsonElement? TypedValue(string name, Repetition job) =>
        !Variables.BuiltIn.Contains(name) && job.Value(name) is { ValueKind: not JsonValueKind.String } value ? value : null;
}
