namespace EdgeBench.Core.Wire;

/// <summary>Asks for a device: one controller at a time measures on it or sends it files.</summary>
/// <param name="Holder">Who asks, for people: <c>user@machine, process 4711</c>.</param>
/// <param name="Session">Unique to one device in one run; an agent that the same session left behind is ended and not waited for.</param>
/// <param name="KeepOutcomes">The link may be cut: outcomes stay on the device until they are acknowledged.</param>
public sealed record LeaseRequest(string Holder, string Session, bool KeepOutcomes);

/// <summary>Either the lease or who has it.</summary>
/// <param name="Epoch">Positive and different from every lease of the device before; 0 where <paramref name="Busy"/> tells who holds it.</param>
public sealed record LeaseAnswer(long Epoch, LeaseHolder? Busy = null);

/// <summary>Who holds a device.</summary>
/// <param name="Since">UTC on the device's clock.</param>
public sealed record LeaseHolder(string Holder, DateTimeOffset Since);
