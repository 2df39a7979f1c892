using System.ComponentModel.DataAnnotations;

namespace Clipia.Tests.Client;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("https://api.clipia.ai")]
    [InlineData("https://api.clipia.ai/")]
    [InlineData("https://proxy.example/clipia")]
    [InlineData("http://localhost:7080")]
    [InlineData("http://127.0.0.1:7080/mock")]
    [InlineData("http://127.1.2.3")]
    [InlineData("http://[::1]:7080")]
    public void Client_BaseUrlThatIsSafe_IsCreated(string url) => Assert.NotNull(Create(options => options.BaseUrl = new Uri(url)));

    [Theory]
    [InlineData("http://api.clipia.ai")]
    [InlineData("http://localhost.example")]
    [InlineData("http://0.0.0.0:7080")]
    [InlineData("http://192.168.0.4")]
    [InlineData("ftp://localhost")]
    [InlineData("file:///etc")]
    [InlineData("api.clipia.ai")]
    [InlineData("/v1")]
    [InlineData("https://api.clipia.ai/v1")]
    [InlineData("https://api.clipia.ai/V1/")]
    [InlineData("https://user:pass@api.clipia.ai")]
    [InlineData("https://api.clipia.ai?x=1")]
    [InlineData("https://api.clipia.ai#x")]
    public void Client_BaseUrlThatIsNot_IsRefused(string url)
    {
        var failure = Assert.Throws<ArgumentException>(() => Create(options => options.BaseUrl = new Uri(url, UriKind.RelativeOrAbsolute)));

        Assert.Contains("BaseUrl", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("clipia_live_ with space")]
    [InlineData("clipia_live_abc\r\nX-Evil: 1")]
    [InlineData("clipia_live_ключ")]
    public void Client_KeyThatIsNoHeaderValue_IsRefusedUnquoted(string key)
    {
        var failure = Assert.Throws<ArgumentException>(() => Create(options => options.ApiKey = key));

        Assert.Contains("ApiKey", failure.Message, StringComparison.Ordinal);
        if (key.Length > 2)
            Assert.DoesNotContain(key, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Client_NumbersOutOfRange_AreAllToldAtOnce()
    {
        var failure = Assert.Throws<ArgumentException>(() => Create(options =>
        {
            options.AttemptTimeout = TimeSpan.Zero;
            options.MaxAttempts = 0;
            options.RetryBudget = TimeSpan.FromDays(1);
            options.BaseUrl = new Uri("http://example.com");
        }));

        Assert.Contains("AttemptTimeout", failure.Message, StringComparison.Ordinal);
        Assert.Contains("MaxAttempts", failure.Message, StringComparison.Ordinal);
        Assert.Contains("RetryBudget", failure.Message, StringComparison.Ordinal);
        Assert.Contains("BaseUrl", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_WithAKey_AreValid()
    {
        var options = new ClipiaClientOptions { ApiKey = Some.ApiKey };

        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        Assert.Equal("https://api.clipia.ai/", options.BaseUrl.AbsoluteUri);
    }

    [Fact]
    public void ToString_WithAKey_HidesIt()
    {
        var text = new ClipiaClientOptions { ApiKey = Some.ApiKey }.ToString();

        Assert.DoesNotContain(Some.ApiKey, text, StringComparison.Ordinal);
        Assert.Contains("redacted", text, StringComparison.Ordinal);
    }

    private static ClipiaClient Create(Action<ClipiaClientOptions> configure)
    {
        var options = new ClipiaClientOptions { ApiKey = Some.ApiKey };
        configure(options);
        return new ClipiaClient(new HttpClient(), options);
    }
}
