using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Clipia.Emulator;

/// <summary>All keys, found by the hash of what a caller presents.</summary>
internal sealed class KeyRing(TimeProvider time, Journal journal)
{
    public const int DefaultRequestsPerMinute = 120;
    public const int DefaultConcurrency = 10;

    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private readonly ConcurrentDictionary<string, ApiKey> _byHash = new();

    public IEnumerable<ApiKey> All => _byHash.Values.OrderBy(key => key.CreatedAt).ThenBy(key => key.Id, StringComparer.Ordinal);

    public static string NewKey(bool test) =>
        (test ? ApiKey.TestPrefix : ApiKey.LivePrefix) + RandomNumberGenerator.GetString(Base62, 32);

    public static string NewSecret() => "whsec_" + RandomNumberGenerator.GetString(Base62, 32);

    public void Load(ApiKey key) => _byHash[key.Hash] = key;

    /// <summary>The key whatever its state, so that the caller can tell a revoked one.</summary>
    public ApiKey? Find(string key) => _byHash.GetValueOrDefault(HashOf(key));

    /// <summary>Whose call this is; null without a valid key. Authorization wins over X-Api-Key; its scheme is Bearer or Key in any case.</summary>
    public ApiKey? Authenticate(IHeaderDictionary headers)
    {
        var presented = headers["X-Api-Key"].ToString();
        if (headers.Authorization.ToString() is { Length: > 0 } authorization)
        {
            var space = authorization.IndexOf(' ', StringComparison.Ordinal);
            var scheme = space < 0 ? "" : authorization[..space];
            presented = scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) || scheme.Equals("Key", StringComparison.OrdinalIgnoreCase)
                ? authorization[space..].Trim()
                : "";
        }
        return presented.Length > 0 && Find(presented) is { RevokedAt: null } key ? key : null;
    }

    public async Task<ApiKey> RegisterAsync(
        string key, string name, bool test, Account account, IReadOnlyList<string>? scopes, int? rpm, int? concurrency)
    {
        var registered = new ApiKey
        {
            Id = "key_" + RandomNumberGenerator.GetString(Base62, 12),
            Account = account,
            Name = name,
            IsTest = test,
            Prefix = PrefixOf(key),
            Hash = HashOf(key),
            Scopes = scopes ?? [ApiKey.Generate, ApiKey.Read],
            RequestsPerMinute = rpm ?? DefaultRequestsPerMinute,
            Concurrency = concurrency ?? DefaultConcurrency,
            CreatedAt = time.GetUtcNow(),
        };
        await journal.Append(tables => tables.Save(registered));
        Load(registered);
        return registered;
    }

    /// <summary>Changes what is not null; takes effect with the next call.</summary>
    public async Task ChangeAsync(ApiKey key, int? rpm, int? concurrency, string? name = null, IReadOnlyList<string>? scopes = null)
    {
        key.Name = name ?? key.Name;
        key.Scopes = scopes ?? key.Scopes;
        key.RequestsPerMinute = rpm ?? key.RequestsPerMinute;
        key.Concurrency = concurrency ?? key.Concurrency;
        await journal.Append(tables => tables.Save(key));
    }

    public async Task RevokeAsync(ApiKey key)
    {
        key.RevokedAt ??= time.GetUtcNow();
        await journal.Append(tables => tables.Save(key));
    }

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static string PrefixOf(string key)
    {
        var secret = key.Length - ApiKey.LivePrefix.Length;
        return key[..(ApiKey.LivePrefix.Length + Math.Clamp(secret / 3, 0, 6))];
    }
}
