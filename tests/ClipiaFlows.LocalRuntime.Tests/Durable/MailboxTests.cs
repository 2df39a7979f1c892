using ClipiaFlows.LocalRuntime.Durable.Dispatching;
using ClipiaFlows.LocalRuntime.Durable.Execution;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

public sealed class MailboxTests
{
    private static readonly Message Early = new(1, 0, new(EventKind.EventRaised, Name: "early"));
    private static readonly Message Late = new(1, 0, new(EventKind.EventRaised, Name: "late"));

    [Fact]
    public void PutBack_SomethingHasArrivedMeanwhile_ComesBeforeIt()
    {
        var mailbox = new Mailbox(1);
        mailbox.Waiting.Add(Late);

        mailbox.PutBack([Early]);

        Assert.Equal([Early, Late], mailbox.TakeAll());
    }

    [Fact]
    public void PutBack_ListThatOthersHoldToo_IsLeftAsItIs()
    {
        var shared = new List<Message>();
        var mailbox = new Mailbox(1);

        mailbox.PutBack(shared);
        mailbox.Waiting.Add(Late);

        Assert.Empty(shared);
    }
}
