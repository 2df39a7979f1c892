namespace ClipiaFlows.Production.Steps;

/// <summary>What a step of Advance came to.</summary>
public enum StepResult
{
    /// <summary>There was nothing to do.</summary>
    Nothing,

    /// <summary>The rows changed.</summary>
    Done,

    /// <summary>Somebody else changed them at the same time; read again.</summary>
    Conflict,
}
