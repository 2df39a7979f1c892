namespace Clipia;

/// <summary>What a file of an output is, as far as the name of its place tells.</summary>
public enum MediaKind
{
    /// <summary>Something the API documents no place for, such as sound.</summary>
    Other,

    /// <summary>A still.</summary>
    Image,

    /// <summary>A clip.</summary>
    Video,
}
