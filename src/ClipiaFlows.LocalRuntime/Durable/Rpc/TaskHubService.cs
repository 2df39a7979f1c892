using ClipiaFlows.LocalRuntime.Durable.Storage;
using DurableTask.Core.Exceptions;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using P = Microsoft.DurableTask.Protobuf;

namespace ClipiaFlows.LocalRuntime.Durable.Rpc;

/// <summary>
/// Serves the durable client of a worker process: what the client library calls, with the status codes that it turns into its
/// own exceptions. Entities and rewind answer <see cref="StatusCode.Unimplemented"/>.
/// </summary>
/// <param name="client">The engine's client; payloads are JSON texts (<see cref="SerializedPayloads"/>).</param>
internal sealed class TaskHubService(DurableTaskClient client) : P.TaskHubSidecarService.TaskHubSidecarServiceBase
{
    public override Task<Empty> Hello(Empty request, ServerCallContext context) => Task.FromResult(new Empty());

    public override Task<P.CreateInstanceResponse> StartInstance(P.CreateInstanceRequest request, ServerCallContext context) => CallAsync(async () =>
    {
        var options = new StartOrchestrationOptions(request.InstanceId, request.ScheduledStartTimestamp?.ToDateTimeOffset())
        {
            Tags = new Dictionary<string, string>(request.Tags),
            Version = request.Version is { } version ? new TaskVersion(version) : default(TaskVersion?),
        };
        if (request.OrchestrationIdReusePolicy is { } policy)
            options = options.WithDedupeStatuses([.. InstanceStates.NotReplaceable(policy)]);
        var id = await client.ScheduleNewOrchestrationInstanceAsync(request.Name, request.Input, options, context.CancellationToken);
        return new P.CreateInstanceResponse { InstanceId = id };
    });

    public override Task<P.GetInstanceResponse> GetInstance(P.GetInstanceRequest request, ServerCallContext context) => CallAsync(async () =>
        InstanceStates.Respond(await client.GetInstanceAsync(request.InstanceId, request.GetInputsAndOutputs, context.CancellationToken)));

    public override Task<P.GetInstanceResponse> WaitForInstanceStart(P.GetInstanceRequest request, ServerCallContext context) => CallAsync(async () =>
        InstanceStates.Respond(await client.WaitForInstanceStartAsync(request.InstanceId, request.GetInputsAndOutputs, context.CancellationToken)));

    public override Task<P.GetInstanceResponse> WaitForInstanceCompletion(P.GetInstanceRequest request, ServerCallContext context) => CallAsync(async () =>
        InstanceStates.Respond(await client.WaitForInstanceCompletionAsync(request.InstanceId, request.GetInputsAndOutputs, context.CancellationToken)));

    public override Task<P.RaiseEventResponse> RaiseEvent(P.RaiseEventRequest request, ServerCallContext context) => CallAsync(async () =>
    {
        await client.RaiseEventAsync(request.InstanceId, request.Name, request.Input, context.CancellationToken);
        return new P.RaiseEventResponse();
    });

    public override Task<P.TerminateResponse> TerminateInstance(P.TerminateRequest request, ServerCallContext context) => CallAsync(async () =>
    {
        var options = new TerminateInstanceOptions(request.Output, request.Recursive);
        await client.TerminateInstanceAsync(request.InstanceId, options, context.CancellationToken);
        return new P.TerminateResponse();
    });

    public override Task<P.SuspendResponse> SuspendInstance(P.SuspendRequest request, ServerCallContext context) => CallAsync(async () =>
    {
        await client.SuspendInstanceAsync(request.InstanceId, request.Reason, context.CancellationToken);
        return new P.SuspendResponse();
    });

    public override Task<P.ResumeResponse> ResumeInstance(P.ResumeRequest request, ServerCallContext context) => CallAsync(async () =>
    {
        await client.ResumeInstanceAsync(request.InstanceId, request.Reason, context.CancellationToken);
        return new P.ResumeResponse();
    });

    public override async Task<P.RestartInstanceResponse> RestartInstance(P.RestartInstanceRequest request, ServerCallContext context)
    {
        try
        {
            var id = await client.RestartAsync(request.InstanceId, request.RestartWithNewInstanceId, context.CancellationToken);
            return new P.RestartInstanceResponse { InstanceId = id };
        }
        catch (ArgumentException exception)
        {
            throw Status(StatusCode.NotFound, exception);
        }
        catch (InvalidOperationException exception)
        {
            throw Status(StatusCode.FailedPrecondition, exception);
        }
        catch (DurableStoreException exception)
        {
            throw Status(StatusCode.Unavailable, exception);
        }
    }

    public override Task<P.QueryInstancesResponse> QueryInstances(P.QueryInstancesRequest request, ServerCallContext context) => CallAsync(async () =>
    {
        var query = request.Query ?? new P.InstanceQuery();
        var filter = new OrchestrationQuery
        {
            CreatedFrom = query.CreatedTimeFrom?.ToDateTimeOffset(),
            CreatedTo = query.CreatedTimeTo?.ToDateTimeOffset(),
            Statuses = query.RuntimeStatus.Count == 0 ? null : [.. query.RuntimeStatus.Select(InstanceStates.Of)],
            TaskHubNames = query.TaskHubNames.Count == 0 ? null : [.. query.TaskHubNames],
            InstanceIdPrefix = query.InstanceIdPrefix,
            PageSize = query.MaxInstanceCount > 0 ? query.MaxInstanceCount : OrchestrationQuery.DefaultPageSize,
            ContinuationToken = query.ContinuationToken,
            FetchInputsAndOutputs = query.FetchInputsAndOutputs,
        };
        await foreach (var page in client.GetAllInstancesAsync(filter).AsPages().WithCancellation(context.CancellationToken))
        {
            var response = new P.QueryInstancesResponse { ContinuationToken = page.ContinuationToken };
            response.OrchestrationState.AddRange(page.Values.Select(InstanceStates.Of));
            return response;
        }

        return new P.QueryInstancesResponse();
    });

    public override Task<P.ListInstanceIdsResponse> ListInstanceIds(P.ListInstanceIdsRequest request, ServerCallContext context) => CallAsync(async () =>
    {
        var page = await client.ListInstanceIdsAsync(
            request.RuntimeStatus.Count == 0 ? null : request.RuntimeStatus.Select(InstanceStates.Of),
            request.CompletedTimeFrom?.ToDateTimeOffset(),
            request.CompletedTimeTo?.ToDateTimeOffset(),
            request.PageSize > 0 ? request.PageSize : OrchestrationQuery.DefaultPageSize,
            request.LastInstanceKey,
            context.CancellationToken);
        var response = new P.ListInstanceIdsResponse { LastInstanceKey = page.ContinuationToken };
        response.InstanceIds.AddRange(page.Values);
        return response;
    });

    public override Task<P.PurgeInstancesResponse> PurgeInstances(P.PurgeInstancesRequest request, ServerCallContext context) => CallAsync(async () =>
    {
        var options = new PurgeInstanceOptions(request.Recursive);
        var purged = request.RequestCase switch
        {
            P.PurgeInstancesRequest.RequestOneofCase.InstanceId =>
                await client.PurgeInstanceAsync(request.InstanceId, options, context.CancellationToken),
            P.PurgeInstancesRequest.RequestOneofCase.PurgeInstanceFilter =>
                await client.PurgeAllInstancesAsync(FilterOf(request.PurgeInstanceFilter), options, context.CancellationToken),
            var other => throw new RpcException(new(StatusCode.Unimplemented, $"The local host purges by instance id or by filter, not by {other}.")),
        };
        return new P.PurgeInstancesResponse { DeletedInstanceCount = purged.PurgedInstanceCount, IsComplete = purged.IsComplete };
    });

    public override Task<P.RewindInstanceResponse> RewindInstance(P.RewindInstanceRequest request, ServerCallContext context) =>
        throw Unimplemented("The local host cannot rewind instances; restart them instead.");

    public override Task<P.SignalEntityResponse> SignalEntity(P.SignalEntityRequest request, ServerCallContext context) => throw NoEntities();

    public override Task<P.GetEntityResponse> GetEntity(P.GetEntityRequest request, ServerCallContext context) => throw NoEntities();

    public override Task<P.QueryEntitiesResponse> QueryEntities(P.QueryEntitiesRequest request, ServerCallContext context) => throw NoEntities();

    public override Task<P.CleanEntityStorageResponse> CleanEntityStorage(P.CleanEntityStorageRequest request, ServerCallContext context) =>
        throw NoEntities();

    private static PurgeInstancesFilter FilterOf(P.PurgeInstanceFilter filter) => new(
        filter.CreatedTimeFrom?.ToDateTimeOffset(),
        filter.CreatedTimeTo?.ToDateTimeOffset(),
        filter.RuntimeStatus.Count == 0 ? null : [.. filter.RuntimeStatus.Select(InstanceStates.Of)])
    {
        Timeout = filter.Timeout?.ToTimeSpan(),
    };

    private static async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (OrchestrationAlreadyExistsException exception)
        {
            throw Status(StatusCode.AlreadyExists, exception);
        }
        catch (ArgumentException exception)
        {
            throw Status(StatusCode.InvalidArgument, exception);
        }
        catch (InvalidOperationException exception)
        {
            throw Status(StatusCode.FailedPrecondition, exception);
        }
        catch (DurableStoreException exception)
        {
            throw Status(StatusCode.Unavailable, exception);
        }
    }

    private static RpcException Status(StatusCode code, Exception exception) => new(new(code, exception.Message, exception));

    private static RpcException NoEntities() => Unimplemented("The local host has no durable entities.");

    private static RpcException Unimplemented(string sentence) => new(new(StatusCode.Unimplemented, sentence));
}
