using ClipiaFlows.Production.Pacing;

namespace ClipiaFlows.Tests.Production;

/// <summary>The slots of a key in virtual time: batches of any size ask, take and give back.</summary>
public sealed class SlotLineTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Theory, MemberData(nameof(Seeds))]
    public void Hold_RandomMixesOfEqualPriority_NobodyWaitsLongerThanItsTurnAndNoSlotIsIdle(int seed)
    {
        var random = new Random(seed);
        var key = new SimulatedKey(slots: random.Next(1, 30));
        var (batches, longest) = (random.Next(1, 80), random.Next(1, 200));
        for (var n = 0; n < batches; n++)
        {
            var jobs = random.Next(4) switch { 0 => random.Next(20, 200), 1 => random.Next(2, 20), _ => 1 };
            key.Add(new($"batch-{n}", jobs, 1, Now: random.Next(0, 300), () => random.Next(1, longest + 1)));
        }

        key.Run();

        Assert.All(key.Waits, wait => Assert.True(
            wait.Took <= (((double)wait.Waiting / key.Slots) + 1) * longest,
            $"{wait.Batch} waited {wait.Took} s beside {wait.Waiting} batches on {key.Slots} slots; the longest generation takes {longest} s."));
    }

    [Fact]
    public void Hold_StreamOfSingleJobsWithoutEnd_StarvesNoBulk()
    {
        var key = new SimulatedKey(slots: 2);
        key.Add(new("bulk", 50, 1, Now: 0, () => 10));
        for (var second = 0; second < 3000; second += 2)
            key.Add(new($"single-{second:D4}", 1, 1, Now: second, () => 10));

        key.Run(until: 3000);

        Assert.InRange(key.Waits.Where(wait => wait.Batch == "bulk").Max(wait => wait.Took), 0, 3000);
        Assert.True(key.Served("bulk") >= 2, $"The bulk batch got {key.Served("bulk")} slots.");
    }

    [Theory]
    [InlineData(25, 2)]
    [InlineData(50, 4)]
    [InlineData(100, 16)]
    [InlineData(-25, 0.5)]
    public void Hold_SharesBelowOneSlot_AreServedByWeight(int priority, double times)
    {
        var weight = Math.Pow(2, priority / 25.0);
        var key = new SimulatedKey(slots: 3);
        for (var n = 0; n < 40; n++)
            key.Add(new($"batch-{n}", 100_000, n == 0 ? weight : 1, Now: 0, () => 10));

        key.Run(until: 20_000);

        var others = Enumerable.Range(1, 39).Average(n => key.Served($"batch-{n}"));
        // It holds at most its share rounded up, which is one slot here unless its weight is large.
        Assert.InRange(key.Served("batch-0") / others, times * 0.8, times * 1.2);
    }

    [Fact]
    public void Hold_SharesAboveOneSlot_AreHeldByWeightWhateverTheDurations()
    {
        var key = new SimulatedKey(slots: 12);
        key.Add(new("videos", 100_000, 1, Now: 0, () => 100));
        key.Add(new("pictures", 100_000, 1, Now: 0, () => 5));
        key.Add(new("urgent", 100_000, 2, Now: 0, () => 5));

        key.Run(until: 3000);

        Assert.InRange(key.MeanHeld("videos"), 2.7, 3.3);
        Assert.InRange(key.MeanHeld("pictures"), 2.7, 3.3);
        Assert.InRange(key.MeanHeld("urgent"), 5.5, 6.3);
    }

    [Fact]
    public void Hold_BatchThatWantsLess_LeavesTheRestToTheOthers()
    {
        var key = new SimulatedKey(slots: 12);
        key.Add(new("small", 100_000, 1, Now: 0, () => 10) { MostAtATime = 2 });
        key.Add(new("one", 100_000, 1, Now: 0, () => 10));
        key.Add(new("other", 100_000, 1, Now: 0, () => 10));

        key.Run(until: 3000);

        Assert.InRange(key.MeanHeld("small"), 1.8, 2);
        Assert.InRange(key.MeanHeld("one"), 4.6, 5.4);
        Assert.InRange(key.MeanHeld("other"), 4.6, 5.4);
    }

    [Fact]
    public void Hold_SinglesBehindABulk_StartBeforeItsNextRound()
    {
        var key = new SimulatedKey(slots: 10);
        key.Add(new("bulk", 900, 1, Now: 0, () => 5));
        for (var n = 0; n < 45; n++)
            key.Add(new($"single-{n}", 1, 1, Now: 6, () => 5));

        key.Run();

        Assert.InRange(key.Waits.Where(wait => wait.Batch != "bulk").Max(wait => wait.Took), 1, 5 * ((46 / 10.0) + 1));
    }

    [Fact]
    public void Hold_LongVideosThatLagBehind_TakeOneTurnEachBeforeANewcomer()
    {
        var key = new SimulatedKey(slots: 10);
        for (var n = 0; n < 10; n++)
            key.Add(new($"video-{n}", 100, 1, Now: 0, () => 600));
        for (var n = 0; n < 30; n++)
            key.Add(new($"picture-{n}", 1, 1, Now: 700, () => 5));

        key.Run();

        Assert.InRange(key.Waits.Where(wait => wait.Batch.StartsWith("picture", StringComparison.Ordinal)).Max(wait => wait.Took), 1, 600 * 5);
    }

    [Fact]
    public void Turns_TenThousandWait_AreFoundByAFewSteps()
    {
        var pace = new KeyPace { Concurrency = 1, RequestsPerMinute = 120 };
        for (var n = 0; n < 10_000; n++)
            pace = pace.Hold($"batch-{n}", new(0, 1, 1), Start).Pace;

        var (after, _, turns) = pace.Hold("batch-0", new(0, 0, 1), Start);

        Assert.Equal(["batch-1"], turns);
        Assert.Equal(9_999, after.Line.Waiting);
    }

    [Fact]
    public void Hold_SlotsFreeForSeveral_CallsEachOnce()
    {
        var pace = new KeyPace { Concurrency = 3, RequestsPerMinute = 120 };
        pace = pace.Hold("bulk", new(0, 9, 1), Start).Pace;
        foreach (var batch in new[] { "a", "b", "c", "d" })
            pace = pace.Hold(batch, new(0, 1, 1), Start).Pace;

        // It began to wait before the others.
        (pace, var granted, var turns) = pace.Hold("bulk", new(0, 9, 1), Start);
        Assert.Equal(1, granted);
        Assert.Equal(["a", "b"], turns);

        (pace, granted, turns) = pace.Hold("b", new(0, 1, 1), Start);
        Assert.Equal(1, granted);
        Assert.Empty(turns);
        Assert.Equal(["a"], pace.TurnsAt(Start));
    }

    [Fact]
    public void Leave_BatchThatDoesNotTakeItsTurn_CallsTheNext()
    {
        var pace = new KeyPace { Concurrency = 1, RequestsPerMinute = 120 };
        foreach (var batch in new[] { "running", "suspended", "next" })
            pace = pace.Hold(batch, new(0, 1, 1), Start).Pace;
        (pace, _, var turns) = pace.Hold("running", default, Start);
        Assert.Equal(["suspended"], turns);

        (pace, turns) = pace.Leave("suspended", Start);

        Assert.Equal(["next"], turns);
    }

    [Fact]
    public void Leave_BatchThatHoldsSlots_KeepsThem()
    {
        var pace = new KeyPace { Concurrency = 4, RequestsPerMinute = 120 };
        pace = pace.Hold("bulk", new(0, 9, 1), Start).Pace;

        (pace, _) = pace.Leave("bulk", Start);

        Assert.Equal((4, 0), (pace.Line.Find("bulk")!.Held, pace.Line.Find("bulk")!.Wanted));
        Assert.Equal(0, pace.Hold("other", new(0, 1, 1), Start).Granted);
    }

    private sealed record Batch(string Name, int Jobs, double Weight, int Now, Func<int> Lasts)
    {
        public int MostAtATime { get; init; } = 1000;
    }

    private sealed record Wait(string Batch, int Waiting, int Took);

    /// <summary>Batches over a key, each second by second: who is called asks, who ends a job asks again.</summary>
    private sealed class SimulatedKey(int slots)
    {
        private readonly List<Batch> _coming = [];
        private readonly Dictionary<string, Running> _running = new(StringComparer.Ordinal);
        private KeyPace _pace = new() { Concurrency = slots, RequestsPerMinute = 100_000 };
        private int _now;

        public int Slots => slots;

        /// <summary>Each wait for a next slot while slots were the limit, with the batches that waited when it began.</summary>
        public List<Wait> Waits { get; } = [];

        public void Add(Batch batch) => _coming.Add(batch);

        public int Served(string batch) => _running[batch].Served;

        public double MeanHeld(string batch) => _running[batch].HeldSeconds / (double)_now;

        public void Run(int until = 1_000_000)
        {
            for (; _now < until && (_coming.Count > 0 || _running.Values.Any(batch => batch.Wants + batch.Ends.Count > 0)); _now++)
            {
                var asking = new Queue<string>();
                foreach (var running in _running.Values.Where(running => running.Ends.RemoveAll(end => end <= _now) > 0))
                    asking.Enqueue(running.Batch.Name);
                foreach (var batch in _coming.FindAll(batch => batch.Now <= _now))
                {
                    _coming.Remove(batch);
                    _running.Add(batch.Name, new(batch));
                    asking.Enqueue(batch.Name);
                }

                while (asking.TryDequeue(out var name))
                    Ask(_running[name], asking);
                CheckNoSlotIsIdle();
                foreach (var running in _running.Values)
                    running.HeldSeconds += running.Ends.Count;
            }
        }

        private void Ask(Running running, Queue<string> asking)
        {
            while (Take(running, asking) > 0)
                ;
        }

        private int Take(Running running, Queue<string> asking)
        {
            var (used, wants) = (running.Ends.Count, running.Wants);
            (_pace, var granted, var turns) = _pace.Hold(running.Batch.Name, new(used, wants, running.Batch.Weight), Start.AddSeconds(_now));
            for (var i = 0; i < granted; i++)
                running.Ends.Add(_now + running.Batch.Lasts());
            running.Served += granted;
            if (granted > 0 && running.WaitsSince is { } since)
                Waits.Add(new(running.Batch.Name, running.WaitingThen, _now - since));
            if (granted > 0 || running.Wants == 0)
                running.WaitsSince = null;
            if (running.Wants > 0 && running.WaitsSince is null)
                (running.WaitsSince, running.WaitingThen) = (_now, _running.Values.Count(other => other.Wants > 0));
            foreach (var turn in turns)
                asking.Enqueue(turn);
            return granted;
        }

        private void CheckNoSlotIsIdle()
        {
            var used = _running.Values.Sum(running => running.Ends.Count);
            Assert.True(used <= slots, $"{used} of {slots} slots are used.");
            Assert.True(used == slots || _running.Values.All(running => running.Wants == 0), $"{used} of {slots} slots are used while jobs wait.");
            // A batch states its slots every minute.
            foreach (var running in _running.Values.Where(running => running.Ends.Count > 0 && _now % 60 == 0))
                _pace = _pace.Hold(running.Batch.Name, new(running.Ends.Count, running.Wants, running.Batch.Weight), Start.AddSeconds(_now)).Pace;
        }

        private sealed class Running(Batch batch)
        {
            public Batch Batch => batch;

            public List<int> Ends { get; } = [];

            public int Served { get; set; }

            public long HeldSeconds { get; set; }

            public int? WaitsSince { get; set; }

            public int WaitingThen { get; set; }

            public int Wants => Math.Min(Math.Min(batch.Jobs - Served, batch.MostAtATime - Ends.Count), 22);
        }
    }
}
