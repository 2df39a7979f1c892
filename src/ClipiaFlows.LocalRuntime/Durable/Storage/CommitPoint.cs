namespace ClipiaFlows.LocalRuntime.Durable.Storage;

/// <summary>An instant on either side of a commit; nothing else happens on the writer's thread meanwhile.</summary>
internal enum CommitPoint
{
    Before,
    After,
}
