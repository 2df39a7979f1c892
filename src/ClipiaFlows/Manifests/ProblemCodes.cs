namespace ClipiaFlows.Manifests;

/// <summary>The stable codes of <see cref="ManifestProblem.Code"/>.</summary>
public static class ProblemCodes
{
    /// <summary>The text is not JSON; the message gives line and column.</summary>
    public const string InvalidJson = "invalid_json";

    /// <summary>The bytes are not UTF-8; the message gives line and column.</summary>
    public const string InvalidUtf8 = "invalid_utf8";

    /// <summary>A string holds half a surrogate pair, so it is no text.</summary>
    public const string InvalidText = "invalid_text";

    /// <summary>Objects and arrays are nested deeper than <see cref="ManifestLimits.MaxDepth"/>.</summary>
    public const string TooDeep = "too_deep";

    /// <summary>A batch file of another API.</summary>
    public const string NotAManifest = "not_a_manifest";

    /// <summary>A limit of size or growth is passed.</summary>
    public const string TooLarge = "too_large";

    /// <summary>Planning takes more work than <see cref="ManifestLimits.MaxPlanningSteps"/>.</summary>
    public const string ManifestTooComplex = "manifest_too_complex";

    /// <summary>More jobs than <see cref="ManifestLimits.MaxJobs"/>.</summary>
    public const string TooManyJobs = "too_many_jobs";

    /// <summary>More dependencies than <see cref="ManifestLimits.MaxEdges"/>.</summary>
    public const string TooManyDependencies = "too_many_dependencies";

    /// <summary>More problems than are told; the message counts the rest.</summary>
    public const string TooManyProblems = "too_many_problems";

    /// <summary>A field that no manifest has.</summary>
    public const string UnknownField = "unknown_field";

    /// <summary>The same field twice in one object.</summary>
    public const string DuplicateField = "duplicate_field";

    /// <summary>A field that must be there and is not.</summary>
    public const string MissingField = "missing_field";

    /// <summary>A value of another JSON type than expected.</summary>
    public const string WrongType = "wrong_type";

    /// <summary>A value of the right type that is not among those allowed.</summary>
    public const string BadValue = "bad_value";

    /// <summary>The same value twice in one matrix variable.</summary>
    public const string DuplicateValue = "duplicate_value";

    /// <summary>Fields of which exactly one must be given.</summary>
    public const string NotExactlyOne = "not_exactly_one";

    /// <summary>A job that no combination of the matrix is left for.</summary>
    public const string NoCombination = "no_combination";

    /// <summary>A deadline that is over already.</summary>
    public const string DeadlinePassed = "deadline_passed";

    /// <summary>A matrix variable with the name of a built-in one.</summary>
    public const string ReservedName = "reserved_name";

    /// <summary>Braces of a template that do not close or hold no name.</summary>
    public const string BadTemplate = "bad_template";

    /// <summary>A variable that is neither in the matrix nor built in, or not available at this place.</summary>
    public const string UnknownVariable = "unknown_variable";

    /// <summary>An expanded job id with other characters or length than allowed.</summary>
    public const string BadId = "bad_id";

    /// <summary>Two jobs with the same id, ignoring case.</summary>
    public const string DuplicateId = "duplicate_id";

    /// <summary>A job that is needed and does not exist.</summary>
    public const string MissingDependency = "missing_dependency";

    /// <summary>Jobs that wait for each other in a circle.</summary>
    public const string DependencyCycle = "dependency_cycle";

    /// <summary>A reference to another job's output that is malformed, ambiguous or cannot come true.</summary>
    public const string BadReference = "bad_reference";

    /// <summary>A model that the catalogue does not have.</summary>
    public const string UnknownModel = "unknown_model";

    /// <summary>An input field that the model requires and the job does not give.</summary>
    public const string InputMissing = "input_missing";

    /// <summary>An input value of another type than the model takes.</summary>
    public const string InputType = "input_type";

    /// <summary>An input value that the model does not take.</summary>
    public const string InputValue = "input_value";

    /// <summary>An input that the model requires and that is empty or blank.</summary>
    public const string InputEmpty = "input_empty";

    /// <summary>A path or file name of this machine where the API must fetch a file.</summary>
    public const string LocalPath = "local_path";

    /// <summary>An address of a private network where the API must fetch a file.</summary>
    public const string PrivateAddress = "private_address";

    /// <summary>Text that is no address where the API must fetch a file.</summary>
    public const string BadAddress = "bad_address";

    /// <summary>An output path that is not a plain relative path.</summary>
    public const string BadPath = "bad_path";

    /// <summary>Two outputs with the same path, ignoring case.</summary>
    public const string PathCollision = "path_collision";
}
