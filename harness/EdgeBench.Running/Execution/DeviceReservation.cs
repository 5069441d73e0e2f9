using EdgeBench.Core.Problems;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Launching;

namespace EdgeBench.Running.Execution;

/// <summary>Holds a device for this run: waits for whoever has it, and says who that is.</summary>
/// <param name="keepOutcomes">The way to the device may be cut.</param>
internal sealed class DeviceReservation(string device, bool keepOutcomes, IRunObserver observer)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private static readonly string s_run = $"{Environment.UserName}@{Environment.MachineName}, process {Environment.ProcessId}, device ";

    private readonly LeaseRequest _request = new($"{s_run}'{device}'", Guid.NewGuid().ToString("N"), keepOutcomes);

    private LeaseHolder? _told;

    /// <summary>
    /// Takes the lease, waiting as long as another holds it, and answers its epoch. Throws <see cref="AgentLostException"/>, and <see cref="EdgeBenchException"/> where
    /// this run holds it under another name, for which it would wait to its own end.
    /// </summary>
    public async Task<long> TakeAsync(IAgentConnection agent, CancellationToken cancellation)
    {
        while (true)
        {
            LeaseAnswer answer = await agent.TakeLeaseAsync(_request, cancellation);
            if (answer.Busy is not { } holder) return answer.Epoch;
            if (holder.Holder != _request.Holder && holder.Holder.StartsWith(s_run, StringComparison.Ordinal))
            {
                throw EdgeBenchException.Infrastructure($"devices '{device}' and {holder.Holder[s_run.Length..]} are one: the same machine, with the same folder for what its agent keeps",
                    "one device a name", "Name it once, or give each launcher a 'folder' of its own; then their trials run at once and disturb each other.");
            }
            if (holder != _told) observer.On(new Notice($"device '{device}' is in use by {holder.Holder} since {holder.Since.ToLocalTime():yyyy-MM-dd HH:mm:ss}; waiting", Warning: true));
            _told = holder;
            await Task.Delay(s_pause, cancellation);
        }
    }
}
