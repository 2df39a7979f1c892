using System.Globalization;
using System.Text.Json;

namespace Clipia.Emulator;

/// <summary>Says what is wrong with the JSON of a control call without the reader's names of .NET types.</summary>
internal static class ControlJson
{
    private const string Unknown = "The JSON property '";
    private const string Unfit = "The JSON value could not be converted to ";

    /// <typeparam name="T">What the body is read as.</typeparam>
    public static string Describe<T>(JsonException failure) => failure switch
    {
        { Message: var text } when text.StartsWith(Unknown, StringComparison.Ordinal) =>
            $"This call has no field '{text[Unknown.Length..].Split('\'')[0]}'.",
        { Message: var text, Path: "$" } when text.StartsWith(Unfit, StringComparison.Ordinal) => "The body must be a JSON object.",
        { Message: var text, Path: { } path } when text.StartsWith(Unfit, StringComparison.Ordinal) =>
            $"'{FieldOf(path)}' must be {KindOf(typeof(T), FieldOf(path))}.",
        _ => string.Create(
            CultureInfo.InvariantCulture, $"The body is not JSON at line {failure.LineNumber + 1}, column {failure.BytePositionInLine + 1}."),
    };

    private static string FieldOf(string path) => path.Split('.', '[')[1];

    private static string KindOf(Type body, string field)
    {
        var type = body.GetProperties().Single(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name) == field).PropertyType;
        return Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
        {
            TypeCode.Double => "a number",
            TypeCode.Boolean => "true or false",
            TypeCode.String => "a string",
            TypeCode.Int32 or TypeCode.Int64 => "a whole number",
            _ => "a list of strings",
        };
    }
}
