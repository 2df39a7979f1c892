using System.Collections.Concurrent;

namespace Clipia.Emulator;

/// <summary>The accounts. Most emulators have one; more show that accounts do not see each other.</summary>
internal sealed class Accounts(Journal journal)
{
    public const string Default = "acc_local";

    private readonly ConcurrentDictionary<string, Account> _byId = new();

    public void Load(Account account) => _byId[account.Id] = account;

    public Account? Find(string? id) => _byId.GetValueOrDefault(id ?? Default);

    public async Task<Account> GetOrAddAsync(string? id, long credits = 0)
    {
        var fresh = new Account(id ?? Default, credits);
        var account = _byId.GetOrAdd(fresh.Id, fresh);
        if (ReferenceEquals(account, fresh))
            await journal.Append(tables => tables.Save(fresh, credits));
        return account;
    }
}
