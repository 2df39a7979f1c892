using ClipiaFlows.Durable;
using ClipiaFlows.LocalRuntime.Durable;
using ClipiaFlows.LocalRuntime.Durable.Execution;
using ClipiaFlows.LocalRuntime.Tests.Support;
using ClipiaFlows.Production;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>
/// The app, its storage, its engine, the API and the clock, in one place and standing still. <see cref="Moves"/> says what can
/// happen next; what the batch's own activities do follows at once, unless they were told to stop in between.
/// </summary>
internal sealed class World
{
    private const int MostSteps = 200;
    private static readonly string[] OfJobs = [SubmitGeneration.Name, PollGeneration.Name, CopyOutputs.Name];
    private readonly GatedBlobs _blobs;
    private readonly GatedOutputs _outputs;

    private World(Scenario scenario, int stops)
    {
        StopsLeft = stops;
        Scenario = scenario;
        Engine = new EngineModel(Time);
        Api = new ApiModel(Time);
        Watch = new StateWatch();
        Tables = new Tables(new GatedRowStore("jobs", Jobs, Watch.See), new GatedRowStore("batches", Batches), Keys);
        _blobs = new GatedBlobs(Blobs);
        _outputs = new GatedOutputs(Outputs);
        Client = new EngineClient(Engine);
        Process = NewProcess();
    }

    public Scenario Scenario { get; }

    public VirtualTime Time { get; } = new();

    public InMemoryRowStore Jobs { get; } = new();

    public InMemoryRowStore Batches { get; } = new();

    public InMemoryRowStore Keys { get; } = new();

    public InMemoryStateBlobs Blobs { get; } = new();

    public InMemoryOutputStore Outputs { get; } = new();

    public Tables Tables { get; }

    public StateWatch Watch { get; }

    public EngineModel Engine { get; }

    public EngineClient Client { get; }

    public ApiModel Api { get; }

    public AppProcess Process { get; private set; }

    /// <summary>The flight that was stopped, if there is one.</summary>
    public Flight? Stopped { get; private set; }

    /// <summary>Before which effect the batch's next activity stops.</summary>
    public int? Armed { get; set; }

    /// <summary>Whether any flight has been stopped.</summary>
    public bool WasStopped { get; private set; }

    /// <summary>Whether the process has died while a flight stood.</summary>
    public bool WasCutShort { get; private set; }

    /// <summary>How many more flights may be stopped.</summary>
    public int StopsLeft { get; private set; }

    /// <summary>What has happened since a flight was stopped: its own memory is hidden in it.</summary>
    public List<string> SinceStop { get; } = [];

    /// <summary>Instances of which an activity ran beside itself, until they have looked at their rows again.</summary>
    public HashSet<string> BesideItself { get; } = new(StringComparer.Ordinal);

    /// <summary>Commands issued so far.</summary>
    public int Commands { get; set; }

    /// <summary>What happens to the end of the stopped flight.</summary>
    private Action? _landing;

    public static async Task<World> CreateAsync(Scenario scenario, int stops = int.MaxValue)
    {
        var world = new World(scenario, stops);
        await scenario.SeedAsync(world.Tables, world.Blobs, world.Time.GetUtcNow());
        world.Engine.Start(InstanceIds.ForBatch(Scenario.Batch), RunBatch.Name, Payload.Serialize(new BatchRef { Batch = Scenario.Batch }));
        await world.SettleAsync();
        return world;
    }

    /// <summary>Runs an activity of a job, with what the API answers to it.</summary>
    public Task RunAsync(AskedActivity activity, string script, int? stopBefore)
    {
        if (Stopped is null)
            BesideItself.Remove(activity.Instance.Id);
        var process = Process;
        object? result = null;
        var flight = new Flight($"{activity.Name} of {activity.Instance.Id}", stopBefore) { Script = script };
        activity.Flight = flight;
        return FlyAsync(
            flight,
            async () => result = await process.RunAsync(activity.Name, activity.Input, CancellationToken.None),
            () => Engine.Report(activity, new(EventKind.TaskCompleted, activity.TaskId, Payload: Payload.Serialize(result))));
    }

    /// <summary>Runs something from outside.</summary>
    public Task RunAsync(string name, Func<Task> run, int? stopBefore = null, Action? landed = null) =>
        FlyAsync(new Flight(name, stopBefore), run, landed ?? (() => { }));

    /// <summary>Lets the stopped flight go on to its end.</summary>
    public async Task GoOnAsync()
    {
        var (flight, landing) = (Stopped!, _landing!);
        (Stopped, _landing) = (null, null);
        SinceStop.Clear();
        await flight.GoOnAsync();
        landing();
    }

    /// <summary>The process dies and another one starts.</summary>
    public void Restart()
    {
        WasCutShort |= Stopped is not null;
        (Stopped, _landing, Armed) = (null, null, null);
        SinceStop.Clear();
        Process = NewProcess();
        Engine.ForgetMemory();
    }

    /// <summary>The stopped activity counts as lost, and is run again beside itself.</summary>
    public void Redispatch()
    {
        foreach (var activity in Engine.Activities.Where(activity => activity.Flight == Stopped))
        {
            activity.Flight = null;
            BesideItself.Add(activity.Instance.Id);
        }
    }

    /// <summary>Lets everything happen that does not wait for the world outside.</summary>
    public async Task SettleAsync()
    {
        for (var steps = 0; steps < MostSteps; steps++)
        {
            if (Engine.Play())
                continue;
            if (Engine.Activities.FirstOrDefault(one => one.Flight is null && !OfJobs.Contains(one.Name)) is not { } next)
                return;
            var stop = Stopped is null ? Armed : null;
            Armed = stop is null ? Armed : null;
            await RunAsync(next, "ok", stop);
        }

        throw new ViolationException($"The batch does not come to rest within {MostSteps} steps.");
    }

    private async Task FlyAsync(Flight flight, Func<Task> run, Action landing)
    {
        if (await flight.StartAsync(run))
            landing();
        else
            (Stopped, _landing, StopsLeft, WasStopped) = (flight, landing, StopsLeft - 1, true);
    }

    private AppProcess NewProcess() => new(
        Tables, _blobs, _outputs, Client, new ApiHandler(Api, generation => Deliveries.TakeAsync(this, generation)), new MediaHandler(), Time);
}
