using System.Text.RegularExpressions;

namespace Clipia.Tests;

/// <summary>
/// What a faithful server and a careful client owe, item by item (the two lists that close the contract of the API), and the
/// tests that show it. A renamed or removed test breaks its line here.
/// </summary>
public sealed class ChecklistTests
{
    public static TheoryData<string, string> Server { get; } = new()
    {
        { "all seven REST routes", "NodeClientTests.OpenApi_Document_PassesTheLinterAndDescribesTheAnswers CatalogueTests.OpenApi_EveryOperation_ExistsAndNothingElse NodeClientTests.Api_JavaScriptClient_RunsEveryCall" },
        { "three auth schemes", "ErrorTests.Call_KeyInHeader_IsUnderstood AuthenticationTests.Authorization_BesideOrInsteadOfXApiKey_Wins McpTests.Post_EachHeaderScheme_IsAcceptedAndNothingElse" },
        { "JSON bodies on every 2xx", "LifecycleTests.Submit_LiveKey_RunsFromQueueToResultAndCharges CatalogueTests.Models_ListAndDetail_ShowBothKinds" },
        { "absolute own-host URLs in submit", "LifecycleTests.Submit_LiveKey_RunsFromQueueToResultAndCharges NodeClientTests.Api_JavaScriptClient_RunsEveryCall" },
        { "202/200 split on result", "LifecycleTests.Submit_LiveKey_RunsFromQueueToResultAndCharges" },
        { "200 for terminal failures", "LifecycleTests.Scenario_BadEnd_RefundsInFull" },
        { "null queue_position while running", "LifecycleTests.Submit_LiveKey_RunsFromQueueToResultAndCharges" },
        { "estimate equals cost", "CatalogueTests.Estimate_AnyInput_EqualsTheCostOfItsSubmit" },
        { "reserve, charge, refund ledger", "LedgerTests.Ledger_AfterEachOfManyRandomSteps_AddsUp LedgerTests.Ledger_AfterEachKillUnderLoad_AddsUp LoadTests.Calls_TwentyThousandOfSixtyFourClients_BuyEachKeyOnce LifecycleTests.Submit_LiveKey_RunsFromQueueToResultAndCharges LifecycleTests.Scenario_BadEnd_RefundsInFull" },
        { "idempotency: the pair of 409s", "IdempotencyTests.Submit_SameKeyOtherParameters_IsRefused IdempotencyTests.Submit_WhileTheFirstIsBeingAnswered_IsToldToWait" },
        { "idempotency: 24 h on a virtual clock", "IdempotencyTests.Submit_After24Hours_IsANewRequest" },
        { "RPM 429 with Retry-After", "LimitTests.Calls_MoreThanTheMinuteAllows_WaitUntilTheOldestLeavesIt" },
        { "concurrency 429 with Retry-After", "LimitTests.Submits_BeyondTheConcurrency_AreRefusedUntilOneEnds" },
        { "RateLimit-* always", "LimitTests.Calls_MoreThanTheMinuteAllows_WaitUntilTheOldestLeavesIt AuthenticationTests.Authorization_BesideOrInsteadOfXApiKey_Wins" },
        { "webhooks signed anew per attempt, 6 attempts", "WebhookTests.Receiver_AlwaysFails_GetsSixAttemptsSignedAnewUnderOneId" },
        { "webhooks: 10 s timeout", "WebhookTests.Receiver_AnswersTooLate_IsTriedAgain" },
        { "sandbox shortcut", "LifecycleTests.Submit_TestKey_CompletesAtOnceAndCostsNothing WebhookTests.TestKey_WithWebhook_HearsAfterTheAnswer" },
        { "catalogue with both pricing shapes", "CatalogueTests.Models_ListAndDetail_ShowBothKinds" },
        { "percent-decoding of %2F", "CatalogueTests.Slug_PercentEncoded_IsOneSegment" },
        { "bind 127.0.0.1", "RestartTests.Program_PortInUse_SaysSoAndExitsWith1 ErrorTests.Local_FromAForeignPage_IsForbidden" },
        { "media files served without auth", "MediaTests.Media_RangeAndETag_AreHonoured MediaTests.Media_EachFormOfRange_IsAnsweredAsHttpSays" },
    };

    public static TheoryData<string, string> Client { get; } = new()
    {
        { "key and body as persisted", "SubmitTests.SubmitAsync_StoredBytes_AreSentAsTheyAre SubmitTests.SubmitAsync_RetriedAfterEveryKindOfTrouble_SendsSameKeyAndBytes IdempotencyKeyTests.For_SameAttempt_IsTheSameKey" },
        { "never beyond the retry budget by itself", "RetryTests.Call_NextTryLaterThanBudget_ThrowsAtOnceAndTellsRetryAfter RetryTests.Submit_ResetThenThrottled_StaysUnknown" },
        { "tolerant parsing", "SubmitTests.SubmitAsync_Accepted_ReadsEveryField OddAnswerTests.Submit_OptionalFieldsMissingNullOrOdd_AreNull WebhookDeliveryTests.TryParse_FieldsMissingOrOdd_AreSimplyAbsent" },
        { "branch on HTTP and code", "OddAnswerTests.Call_ErrorInWhateverForm_HasStatusCodeAndMessage EmulatorTests.EachRefusal_HasItsStatusAndCode" },
        { "decimal credits", "ModelsTests.EstimateAsync_CreditsInAnyNotation_AreExact" },
        { "shared limiter per key", "RateGateTests.Calls_ManyAtOnce_ArePacedByTheServersFigures RateGateTests.Call_ResetBeyondItsBudget_ThrowsWithoutSending KeyPaceTests.Hold_TwoBatches_ShareTheKeysSlots" },
        { "slots until terminal", "KeyPaceTests.WithSlotRefused_TenHeld_AllowsNineAndRisesByOneAMinute" },
        { "webhook verified on bytes", "WebhookSignatureTests.Verify_BodyWrittenAnew_IsMismatch EmulatorWebhookTests.Delivery_OfASuccess_IsValidAndHoldsTheResult" },
        { "a delivery spares the poll, by request_id", "RunJobTests.Run_DeliveryComes_CopiesWithoutAPoll" },
        { "poll fallback", "RunJobTests.Run_NoDeliveryForSixtyPolls_EndsWithShortHistories PollScheduleTests.PauseAfter_EighteenSecondJobWithoutWebhook_NeedsFivePollsAtMost" },
        { "permanent and transient refusals", "RetryTests.Submit_RefusedForGood_IsSentOnceAndKnownNotToBeAccepted RetryTests.Submit_FailsForNow_SaysWhetherItMayHaveBeenAccepted" },
        { "original_url preferred", "RequestsTests.GetResultAsync_Images_ReadsEveryField" },
    };

    [Theory]
    [MemberData(nameof(Server))]
    [MemberData(nameof(Client))]
    public void Item_OfTheContract_IsShownByTestsThatExist(string item, string tests)
    {
        foreach (var test in tests.Split(' '))
        {
            var (type, method) = (test[..test.IndexOf('.', StringComparison.Ordinal)], test[(test.IndexOf('.', StringComparison.Ordinal) + 1)..]);
            var sources = Directory.GetFiles(TestsFolder, type + ".cs", SearchOption.AllDirectories).Select(File.ReadAllText);
            Assert.True(sources.Any(source => Declares(source, method)), $"{item}: there is no test {test}.");
        }
    }

    /// <summary>Attributes, with their data, directly above the method.</summary>
    private static bool Declares(string source, string method) =>
        Regex.IsMatch(source, $@"\[(Fact|Theory)\b.*\](\s*\[.*\]|\s*///.*)*\s*public (async )?(Task|void) {method}\(");

    private static string TestsFolder
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "ClipiaFlows.sln")))
                folder = folder.Parent!;
            return Path.Combine(folder.FullName, "tests");
        }
    }
}
