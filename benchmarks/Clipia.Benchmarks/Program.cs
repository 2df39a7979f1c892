using System.Globalization;
using Clipia.Benchmarks;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Console.WriteLine("| what | result | wanted |");
Console.WriteLine("|---|---|---|");
var right = await MixedLoad.RunAsync(clients: 64, calls: 20_000);
await SubmitLoad.RunClosedAsync(clients: 64, seconds: 10);
await SubmitLoad.RunOpenAsync(perSecond: 500, seconds: 20);
return right ? 0 : 1;
