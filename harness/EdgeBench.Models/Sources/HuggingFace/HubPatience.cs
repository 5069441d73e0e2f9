namespace EdgeBench.Models.Sources.HuggingFace;

/// <summary>How long a hub is given.</summary>
/// <param name="Attempts">Tries in a row that may fail without progress.</param>
/// <param name="FirstPause">Pause after the first failure; doubles with each further one.</param>
/// <param name="Stall">Longest wait for headers, or for the next bytes of a body.</param>
/// <param name="LongestAsked">Longest <c>Retry-After</c> that is waited for; a server that asks for more is given up on.</param>
public sealed record HubPatience(int Attempts, TimeSpan FirstPause, TimeSpan Stall, TimeSpan LongestAsked)
{
    public static HubPatience Default { get; } = new(5, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2));
}
