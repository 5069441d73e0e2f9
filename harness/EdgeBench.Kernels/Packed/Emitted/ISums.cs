namespace EdgeBench.Kernels.Packed.Emitted;

/// <summary>Where code keeps the sums of some groups and activations, and how they come from Y and go there.</summary>
internal interface ISums
{
    /// <summary>Once, before all loops.</summary>
    void LoadPlace();

    void Load();

    /// <summary>Leaves the row after the last in rax.</summary>
    void Store();

    void NextGroups();
}
