using System.Globalization;

namespace ClipiaFlows.KillHost;

/// <summary>
/// What the process is told on standard input, a line each: <c>arm N</c> (count from 1 and die at N; 0 counts only),
/// <c>at NAME</c> (die at the first boundary of that name), <c>disarm</c>, <c>jump SECONDS</c> (the clock). Each is answered by <c>! ORDER</c>. The end of the input is its end.
/// </summary>
internal static class Orders
{
    /// <summary>Obeys the order of the environment variable KILL_AT at once, and later ones as they come.</summary>
    public static void Obey(Stream input, Boundaries boundaries, JumpingClock clock)
    {
        if (Environment.GetEnvironmentVariable("KILL_AT") is { Length: > 0 } at)
            boundaries.Arm(int.Parse(at, CultureInfo.InvariantCulture));
        new Thread(() => Read(input, boundaries, clock)) { IsBackground = true, Name = "orders" }.Start();
    }

    private static void Read(Stream input, Boundaries boundaries, JumpingClock clock)
    {
        using var lines = new StreamReader(input);
        while (lines.ReadLine() is { } order)
        {
            switch (order.Split(' '))
            {
                case ["arm", var fatal]:
                    boundaries.Arm(int.Parse(fatal, CultureInfo.InvariantCulture));
                    break;
                case ["at", ..]:
                    boundaries.ArmAt(order[3..]);
                    break;
                case ["disarm"]:
                    boundaries.Disarm();
                    break;
                case ["jump", var seconds]:
                    clock.Jump(TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)));
                    break;
                default:
                    throw new InvalidOperationException($"Unknown order: {order}");
            }

            Console.Out.WriteLine($"! {order}");
        }

        Environment.Exit(0);
    }
}
