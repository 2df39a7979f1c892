using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using ClipiaFlows.Cli.Stack;

namespace ClipiaFlows.Azurite.Tests.Support;

/// <summary>An Azurite that speaks https with a certificate of its own and takes bearer tokens.</summary>
internal sealed class SecureAzurite : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClientHandler _trusting = new();
    private AzuriteProcess? _process;

    public Uri TableEndpoint => _process!.TableEndpoint;

    /// <summary>Options that trust this server's certificate and no other.</summary>
    public TableClientOptions Options => new() { Transport = new HttpClientTransport(_trusting) };

    public static async Task<SecureAzurite> StartAsync()
    {
        var azurite = new SecureAzurite();
        var (certificate, key) = azurite.NewCertificate();
        azurite._process = await AzuriteProcess.StartAsync(new() { Https = (certificate, key) });
        return azurite;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _trusting.Dispose();
        _folder.Dispose();
    }

    private (string Certificate, string Key) NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=azurite", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));

        var thumbprint = certificate.Thumbprint;
        _trusting.ServerCertificateCustomValidationCallback = (_, served, _, _) => served?.Thumbprint == thumbprint;
        var (certificateFile, keyFile) = (Path.Combine(_folder.Path, "cert.pem"), Path.Combine(_folder.Path, "key.pem"));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }
}
