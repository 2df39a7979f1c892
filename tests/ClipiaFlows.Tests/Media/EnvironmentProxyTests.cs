using System.Net;
using Clipia.Shared;

namespace ClipiaFlows.Tests.Media;

public sealed class EnvironmentProxyTests
{
    private static readonly WebProxy Proxy = new("http://127.0.0.1:1");

    [Theory]
    [InlineData("http://127.0.0.1:7071/")]
    [InlineData("http://127.8.9.10/")]
    [InlineData("https://localhost/")]
    [InlineData("http://app.localhost:7071/")]
    [InlineData("http://localhost./")]
    [InlineData("http://[::1]:7071/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    public void GetProxy_OfThisMachine_IsNone(string address) => Assert.Null(new EnvironmentProxy(Proxy, null).GetProxy(new(address)));

    [Theory]
    [InlineData("https://api.clipia.ai/")]
    [InlineData("http://localhost.example.com/")]
    [InlineData("http://127.0.0.1.example.com/")]
    [InlineData("http://10.0.0.1/")]
    public void GetProxy_OfAnotherMachine_IsTheOneOfTheEnvironment(string address) =>
        Assert.Equal(Proxy.Address, new EnvironmentProxy(Proxy, null).GetProxy(new(address)));

    [Theory]
    [InlineData("*", true)]
    [InlineData("clipia.ai", true)]
    [InlineData(".clipia.ai", true)]
    [InlineData("*.clipia.ai", true)]
    [InlineData("other.example, API.CLIPIA.AI:443", true)]
    [InlineData("api.clipia.ai:8443", false)]
    [InlineData("pia.ai", false)]
    [InlineData("10.0.0.0/8", false)]
    public void GetProxy_ExceptionsInTheEnvironment_AreObeyed(string exceptions, bool isDirect) =>
        Assert.Equal(isDirect, new EnvironmentProxy(Proxy, exceptions).GetProxy(new("https://api.clipia.ai/")) is null);

    [Theory]
    [InlineData("10.0.0.0/8", "http://10.1.2.3/", true)]
    [InlineData("10.0.0.0/8", "http://11.1.2.3/", false)]
    [InlineData("::1,2001:db8::1", "http://[2001:db8::1]/", true)]
    public void GetProxy_ExceptedAddresses_AreObeyed(string exceptions, string address, bool isDirect) =>
        Assert.Equal(isDirect, new EnvironmentProxy(Proxy, exceptions).GetProxy(new(address)) is null);
}
