using ClipiaFlows;
using ClipiaFlows.Functions;
using ClipiaFlows.KillHost;
using ClipiaFlows.LocalRuntime.Durable;
using ClipiaFlows.LocalRuntime.Hosting.Startup;
using ClipiaFlows.Stores;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// The app as its own Program puts it together, and hooks at what leaves the process: calls to the API and for media, writes to
// storage, commits of the durable engine. Orders come by standard input, see Orders.
var setup = new LocalHostSetup { Functions = typeof(BatchEndpoints).Assembly, OpenInput = () => Stream.Null };
var builder = new FunctionsApplicationBuilder(args, setup);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddClipiaFlows(builder.Configuration);
builder.Services.AddSingleton<ManifestBody>();

var boundaries = new Boundaries();
var clock = new JumpingClock(builder.Configuration);
builder.Services.AddSingleton<TimeProvider>(clock);
builder.Services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler(() => new CallBoundaries(boundaries)));
if (Environment.GetEnvironmentVariable("KILL_BREAK") == "key-per-send")
    builder.Services.AddHttpClient("Clipia").AddHttpMessageHandler(() => new KeyPerSend());
builder.Services.AddSingleton(_ => StorageBoundaries.Watch(builder.Configuration[StorageAccount.Setting]!, boundaries));
builder.Services.Configure<DurableEngineOptions>(engine => engine.AtCommit = point => boundaries.Pass(point, "commit of the engine"));
Orders.Obey(Console.OpenStandardInput(), boundaries, clock);
builder.Build().Run();
