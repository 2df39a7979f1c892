using ClipiaFlows;
using ClipiaFlows.Functions;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddClipiaFlows(builder.Configuration);
builder.AddTelemetry();
builder.Build().Run();
