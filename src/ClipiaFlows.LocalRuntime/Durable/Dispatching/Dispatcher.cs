using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.LocalRuntime.Durable.Dispatching;

/// <summary>Decides which instance is played when: one turn at a time per instance, a limited number in all.</summary>
internal sealed class Dispatcher
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Mailbox> _mailboxes = [];
    private readonly LinkedList<Mailbox> _idle = new();
    private readonly Channel<Mailbox> _ready = Channel.CreateUnbounded<Mailbox>();
    private readonly TurnPlayer _player;
    private readonly int _maxHot;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _isIdle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _isStopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task[] _workers;
    private int _scheduled;
    private bool _isStopping;

    public Dispatcher(TurnPlayer player, int limit, int maxHot, TimeProvider time, ILogger logger)
    {
        _player = player;
        _maxHot = maxHot;
        _time = time;
        _logger = logger;
        _workers = [.. Enumerable.Range(0, limit).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Instances that are kept in memory between their turns.</summary>
    public int HotInstances
    {
        get
        {
            lock (_gate) return _idle.Count;
        }
    }

    public void Deliver(Message message)
    {
        lock (_gate)
        {
            if (!_mailboxes.TryGetValue(message.Key, out var mailbox))
                _mailboxes[message.Key] = mailbox = new(message.Key);
            mailbox.Waiting.Add(message);
            Schedule(mailbox);
        }
    }

    /// <summary>Plays what has been delivered, within limits, then stops; the rest is stored.</summary>
    public async Task StopAsync()
    {
        lock (_gate)
        {
            _isStopping = true;
            if (_scheduled == 0) _isIdle.TrySetResult();
        }

        // Instances may keep each other busy for ever.
        await Task.WhenAny(_isIdle.Task, Task.Delay(LongestDrain));
        _ready.Writer.TryComplete();
        _isStopped.TrySetResult();
        await Task.WhenAll(_workers);
    }

    private void Schedule(Mailbox mailbox)
    {
        if (mailbox.IsScheduled) return;
        mailbox.IsScheduled = true;
        _scheduled++;
        if (mailbox.Idle is { } idle)
        {
            _idle.Remove(idle);
            mailbox.Idle = null;
        }

        _ready.Writer.TryWrite(mailbox);
    }

    private void Unschedule(Mailbox mailbox)
    {
        mailbox.IsScheduled = false;
        _scheduled--;
    }

    private async Task WorkAsync()
    {
        await foreach (var mailbox in _ready.Reader.ReadAllAsync())
        {
            List<Message> messages;
            lock (_gate) messages = mailbox.TakeAll();
            try
            {
                var turn = await _player.PlayAsync(mailbox.Key, mailbox.Hot, messages);
                Finish(mailbox, turn.Hot, turn.Unplayed);
            }
#pragma warning disable CA1031 // A full disk or a failing read must not stop the engine: the messages are stored, try again.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _logger.LogError(exception, "A turn of instance #{Key} could not be stored; it is played again.", mailbox.Key);
                await PauseAsync();
                Retry(mailbox, messages);
            }
        }
    }

    private void Finish(Mailbox mailbox, HotInstance? hot, IReadOnlyList<Message> unplayed)
    {
        lock (_gate)
        {
            var hasNew = mailbox.Waiting.Count > 0;
            mailbox.PutBack(unplayed);
            Unschedule(mailbox);
            mailbox.Hot = _maxHot == 0 ? null : hot;
            if (hasNew) Schedule(mailbox);
            else if (mailbox.Hot is not null) KeepIdle(mailbox);
            else if (mailbox.Waiting.Count == 0) _mailboxes.Remove(mailbox.Key);
            if (_isStopping && _scheduled == 0) _isIdle.TrySetResult();
        }
    }

    // The executor is ahead of the store now: only a replay brings it back.
    private void Retry(Mailbox mailbox, List<Message> messages)
    {
        lock (_gate)
        {
            mailbox.PutBack(messages);
            Unschedule(mailbox);
            mailbox.Hot = null;
            Schedule(mailbox);
        }
    }

    private void KeepIdle(Mailbox mailbox)
    {
        mailbox.Idle = _idle.AddLast(mailbox);
        if (_idle.Count <= _maxHot) return;

        var coldest = _idle.First!.Value;
        _idle.RemoveFirst();
        coldest.Idle = null;
        coldest.Hot = null;
        if (coldest.Waiting.Count == 0) _mailboxes.Remove(coldest.Key);
    }

    private async Task PauseAsync() => await Task.WhenAny(Task.Delay(PauseAfterFailure, _time), _isStopped.Task);
}
