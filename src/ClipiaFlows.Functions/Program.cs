using Clipia.Shared;
using ClipiaFlows;
using ClipiaFlows.Functions;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

EnvironmentProxy.UseByDefault();
var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddClipiaFlows(builder.Configuration);
builder.Services.AddSingleton<ManifestBody>();
builder.AddTelemetry();
builder.Build().Run();
