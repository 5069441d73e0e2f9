namespace EdgeBench.Core.Cells;

/// <summary>Where a figure comes from. Tiers never mix in one ranking.</summary>
public enum Tier
{
    /// <summary>The real device.</summary>
    Measured,

    /// <summary>Functional only, for example under qemu: no speed is reported.</summary>
    Emulated,

    /// <summary>A model of the device.</summary>
    Simulated,
}
