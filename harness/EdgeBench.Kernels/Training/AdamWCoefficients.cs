namespace EdgeBench.Kernels.Training;

/// <summary>One step of AdamW: p ← p · Keep; m ← b1 m + (1 - b1) g; v ← b2 v + (1 - b2) g²; p ← p - Rate · m / (sqrt(v) · Root + Epsilon), g scaled by Clip first.</summary>
/// <param name="Keep">1 - learning rate · weight decay.</param>
/// <param name="Rate">Learning rate / (1 - b1ᵗ).</param>
/// <param name="Root">1 / sqrt(1 - b2ᵗ).</param>
/// <param name="Clip">What gradients are multiplied by.</param>
public readonly record struct AdamWCoefficients(float Keep, float Rate, float Beta1, float Beta2, float Root, float Epsilon, float Clip);
