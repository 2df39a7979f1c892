namespace Clipia.Emulator;

/// <summary>Names of the effects that a scenario can have.</summary>
internal static class Effects
{
    public const string DropWebhook = "drop_webhook";
    public const string DuplicateWebhook = "duplicate_webhook";
    public const string DelayWebhook = "delay_webhook";
    public const string EarlyWebhook = "early_webhook";
    public const string ReorderWebhooks = "reorder_webhooks";
    public const string WrongSignature = "wrong_signature";
    public const string Fail = "fail";
    public const string Cancel = "cancel";
    public const string Slow = "slow";
    public const string Throttle = "throttle";
    public const string ServerError = "server_error";
    public const string ResetBefore = "reset_before";
    public const string ResetAfter = "reset_after";
    public const string TruncateAnswer = "truncate_answer";
    public const string HtmlAnswer = "html_answer";
    public const string WrongAnswerType = "wrong_answer_type";
    public const string RepeatWebhook = "repeat_webhook";
    public const string DelayResponse = "delay_response";
    public const string TruncateMedia = "truncate_media";
    public const string WrongMediaType = "wrong_media_type";
    public const string RedirectMedia = "redirect_media";

    /// <summary>Those that strike a call before its body is read, so that nothing of the input is known.</summary>
    public static readonly string[] OnCalls = [Throttle, ServerError, ResetBefore, ResetAfter, TruncateAnswer, HtmlAnswer, WrongAnswerType];

    /// <summary>Those that spoil an answer after the call took effect.</summary>
    public static readonly string[] OnAnswers = [TruncateAnswer, HtmlAnswer, WrongAnswerType];

    public static readonly string[] All =
    [
        DropWebhook, DuplicateWebhook, RepeatWebhook, DelayWebhook, EarlyWebhook, ReorderWebhooks, WrongSignature, Fail, Cancel, Slow, Throttle, ServerError,
        ResetBefore, ResetAfter, TruncateAnswer, HtmlAnswer, WrongAnswerType, DelayResponse, TruncateMedia, WrongMediaType, RedirectMedia,
    ];
}
