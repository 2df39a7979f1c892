using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>
/// What a process remembers and a restart forgets: every dictionary that an object of the product keeps. Found by reflection,
/// so that one more is seen too.
/// </summary>
internal sealed partial class ProcessMemory(params object[] holders)
{
    private static readonly ConcurrentDictionary<Type, FieldInfo[]> Fields = new();

    /// <summary>Moments are told relative to now, so that states that differ by the clock only are the same.</summary>
    public void WriteTo(StringBuilder to, DateTimeOffset now)
    {
        foreach (var holder in holders)
        {
            foreach (var field in Fields.GetOrAdd(holder.GetType(), DictionariesOf))
            {
                var entries = new List<string>();
                foreach (DictionaryEntry entry in (IDictionary)field.GetValue(holder)!)
                    entries.Add($"{entry.Key}={Relative(entry.Value!, now)}");
                entries.Sort(StringComparer.Ordinal);
                to.Append(field.Name).Append(':').AppendJoin(',', entries).Append('\n');
            }
        }
    }

    private static string Relative(object value, DateTimeOffset now) => value is DateTimeOffset moment
        ? ((int)(now - moment).TotalSeconds).ToString(CultureInfo.InvariantCulture)
        : Moment().Replace(Convert.ToString(value, CultureInfo.InvariantCulture)!, "at");

    private static FieldInfo[] DictionariesOf(Type type) =>
    [
        .. type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
            .Where(field => field.FieldType.IsGenericType && field.FieldType.GetGenericTypeDefinition() == typeof(ConcurrentDictionary<,>)),
    ];

    [GeneratedRegex(@"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d( \+00:00)?")]
    private static partial Regex Moment();
}
