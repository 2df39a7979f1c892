namespace Clipia.Emulator;

/// <summary>A registered key. The key itself is not kept, only its hash and the prefix that people may see.</summary>
internal sealed class ApiKey
{
    public const string LivePrefix = "clipia_live_";
    public const string TestPrefix = "clipia_test_";
    public const string Generate = "generate";
    public const string Read = "read";

    public required string Id { get; init; }
    public required Account Account { get; init; }
    public required string Name { get; set; }
    public required bool IsTest { get; init; }
    public required string Prefix { get; init; }
    public required string Hash { get; init; }
    public required IReadOnlyList<string> Scopes { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required int RequestsPerMinute { get; set; }
    public required int Concurrency { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }

    public RequestRate Rate { get; } = new();

    /// <summary>Live generations from acceptance to their end. Changed only under the desk's lock.</summary>
    public int Running { get; set; }

    /// <summary>Accepted submits, oldest first. Changed and read only under the desk's lock.</summary>
    public List<Generation> Submits { get; } = [];

    public string Environment => IsTest ? "test" : "live";
    public bool MayGenerate => Scopes.Contains(Generate);

    /// <summary>What separates one caller's requests from another's: the account and the environment.</summary>
    public bool SharesRequestsWith(ApiKey other) => ReferenceEquals(Account, other.Account) && IsTest == other.IsTest;
}
