namespace ClipiaFlows.Stores;

/// <summary>Texts of others as columns hold them.</summary>
internal static class StoredText
{
    /// <summary>The longest message, in UTF-16 code units: rows of a transaction hold many.</summary>
    public const int MaxMessageLength = 2000;

    /// <summary>At most so many code units of a message, and no half of a character.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(message))]
    public static string? Cut(string? message, int length = MaxMessageLength)
    {
        if (message is null || message.Length <= length)
            return message;
        return message[..(char.IsHighSurrogate(message[length - 1]) ? length - 1 : length)];
    }
}
