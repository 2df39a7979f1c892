namespace Clipia.Emulator;

/// <summary>How one emulator behaves. Read once, when it starts.</summary>
public sealed class EmulatorOptions
{
    /// <summary>
    /// Folder of the database and the rendered media; made when missing. One emulator at a time may use it.
    /// Null (the default): a temporary folder that is removed on dispose.
    /// </summary>
    public string? DataDirectory { get; init; }

    /// <summary>TCP port on 127.0.0.1. Default 0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>Live key to register (<c>clipia_live_…</c>). Null: one is made at the first start.</summary>
    public string? LiveKey { get; init; }

    /// <summary>Test key to register (<c>clipia_test_…</c>). Null: one is made at the first start.</summary>
    public string? TestKey { get; init; }

    /// <summary>Secret that signs webhooks (<c>whsec_…</c>). Null: the stored one, made at the first start.</summary>
    public string? WebhookSecret { get; init; }

    /// <summary>Credits granted to the default account at the first start. Default 100,000.</summary>
    public long Credits { get; init; } = 100_000;

    /// <summary>Mean seconds that an image takes, ±30 % by request. Default 4; 0 or more.</summary>
    public double ImageSeconds { get; init; } = 4;

    /// <summary>Mean seconds that a video takes, ±30 % by request. Default 9; 0 or more.</summary>
    public double VideoSeconds { get; init; } = 9;

    /// <summary>Multiplies the pauses between webhook attempts (10, 30, 90, 270, 810 s). Default 1; 0 or more.</summary>
    public double WebhookRetryScale { get; init; } = 1;

    /// <summary>Real time that a webhook receiver has to answer. Default 10 s.</summary>
    public TimeSpan WebhookTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests per minute of the live and the test key. Null: 120, or what is stored.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Generations that the live key may have running. Null: 10, or what is stored.</summary>
    public int? Concurrency { get; init; }

    /// <summary>Refuses input fields that the model's schema does not name (422). Default false: they are ignored.</summary>
    public bool StrictInput { get; init; }

    /// <summary>Refuses idempotency keys that are not UUIDs (400). Default false: 1 to 255 printable ASCII characters.</summary>
    public bool StrictKeys { get; init; }

    /// <summary>Refuses webhook addresses that are not https or lie on a private network (400). Default false: http on this machine is fine.</summary>
    public bool StrictWebhooks { get; init; }

    /// <summary>Clock of everything except socket timeouts. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Writes warnings to the console. Default false.</summary>
    public bool LogToConsole { get; init; }

    /// <summary>With <see cref="LogToConsole"/>, also one line per API call. Default false.</summary>
    public bool LogRequests { get; init; }
}
