using Azure;
using Azure.Data.Tables;

namespace ClipiaFlows.Azurite.Tests.Tables;

public sealed class ConnectionTests
{
    private const string Key = "bm90IGEgcmVhbCBrZXk=";

    [Fact]
    public async Task SharedKeyCredential_RightAndWrongKey_IsLetInAndRefused()
    {
        var azurite = await SharedAzurite.Running;
        var name = SharedAzurite.NewTableName();
        var right = new TableSharedKeyCredential("devstoreaccount1", Cli.Stack.AzuriteProcess.AccountKey);
        var wrong = new TableSharedKeyCredential("devstoreaccount1", Key);

        await new TableClient(azurite.TableEndpoint, name, right).CreateAsync();
        var refused = await Assert.ThrowsAsync<RequestFailedException>(
            () => new TableServiceClient(azurite.TableEndpoint, wrong).GetTableClient(name).AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal(403, refused.Status);
    }

    [Fact]
    public async Task TokenCredential_OverHttps_IsAskedForStorageAndLetIn()
    {
        await using var azurite = await SecureAzurite.StartAsync();
        var credential = new FakeTokenCredential();
        var table = new TableServiceClient(azurite.TableEndpoint, credential, azurite.Options).GetTableClient("Jobs");

        await table.CreateAsync();
        await table.SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity("p", "it's"))]);

        Assert.Equal("it's", (await table.GetEntityAsync<TableEntity>("p", "it's")).Value.RowKey);
        Assert.Equal("devstoreaccount1", table.AccountName);
        Assert.Equal(["https://storage.azure.com/.default"], credential.Scopes);
    }

    [Fact]
    public async Task TokenCredential_OverHttp_IsNotSent()
    {
        var azurite = await SharedAzurite.Running;
        var table = new TableClient(azurite.TableEndpoint, SharedAzurite.NewTableName(), new FakeTokenCredential());

        await Assert.ThrowsAsync<InvalidOperationException>(() => table.CreateAsync());
    }
}
