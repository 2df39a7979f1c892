using ClipiaFlows.Callbacks;
using ClipiaFlows.Delivery;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Tests.Delivery;

public sealed class OutputLinksTests
{
    [Theory]
    [InlineData("https://flows.example.com", "", "https://flows.example.com/api/batches/spring/outputs/hero/red.png")]
    [InlineData("https://flows.example.com/app/", "other.example.com", "https://flows.example.com/app/api/batches/spring/outputs/hero/red.png")]
    [InlineData("", "flows.azurewebsites.net", "https://flows.azurewebsites.net/api/batches/spring/outputs/hero/red.png")]
    [InlineData("", "", "/api/batches/spring/outputs/hero/red.png")]
    public void For_WhatTheAppKnowsOfItsAddress_LeadsThere(string publicUrl, string hostName, string link) =>
        Assert.Equal(link, Links(publicUrl, hostName).For("spring", "hero/red.png").OriginalString);

    [Theory]
    [InlineData("a b.png", "a%20b.png")]
    [InlineData("50%/x#1?.png", "50%25/x%231%3F.png")]
    [InlineData("Mühle/東京.png", "M%C3%BChle/%E6%9D%B1%E4%BA%AC.png")]
    public void For_AnyPath_IsEscapedPartByPart(string path, string escaped) =>
        Assert.Equal($"https://a.example/api/batches/b-1/outputs/{escaped}", Links("https://a.example", "").For("b-1", path).OriginalString);

    private static OutputLinks Links(string publicUrl, string hostName) => new(
        Options.Create(new CallbackOptions { PublicBaseUrl = publicUrl.Length == 0 ? null : new Uri(publicUrl) }),
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["WEBSITE_HOSTNAME"] = hostName }).Build());
}
