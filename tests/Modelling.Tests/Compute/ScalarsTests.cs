using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using TransferPipeline.Modelling.Compute;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Compute;

public sealed class When_a_number_goes_to_libtorch
{
    [Fact]
    public void It_is_made_once_and_keeps_its_value()
    {
        using var scope = NewDisposeScope();

        Assert.Same(Scalars.Of(0.25), Scalars.Of(0.25));
        Assert.Same(Scalars.One, Scalars.Of(1L));
        Assert.Equal([0.25f, 0.5f], tensor([1f, 2f]).mul(Scalars.Of(0.25)).data<float>().ToArray());
        Assert.Equal(ScalarType.Int64, tensor([1L, 2L]).add(Scalars.Of(5L), Scalars.One).dtype);
        Assert.Equal([0.75f, -1f], Scalars.OneMinus(tensor([0.25f, 2f])).data<float>().ToArray());
        Assert.Equal([0L, 1, 2], Scalars.Below(3, CPU).data<long>().ToArray());
    }

    /// <summary>What a compiler puts between a number and a call, and calls of TorchSharp that do so themselves.</summary>
    [Fact]
    public void It_is_never_left_to_the_finaliser()
    {
        using var file = new PEReader(File.OpenRead(typeof(Scalars).Assembly.Location));
        var assembly = file.GetMetadataReader();
        var called = assembly.MemberReferences.Select(assembly.GetMemberReference).Select(Call).ToList();

        Assert.Contains(called, call => call is ("Tensor", "add", 2));
        Assert.DoesNotContain(called, call => call is ("Scalar", "op_Implicit", _) or ("Tensor", "add" or "add_", 1));
        Assert.DoesNotContain(
            called,
            call => call is ("Tensor", "op_Addition" or "op_Subtraction" or "op_Multiply" or "op_Division", _)
        );

        (string Type, string Name, int Parameters) Call(MemberReference member)
        {
            var signature = assembly.GetBlobReader(member.Signature);
            var header = signature.ReadSignatureHeader();
            if (header.IsGeneric)
                signature.ReadCompressedInteger();
            var type =
                member.Parent.Kind is HandleKind.TypeReference
                    ? assembly.GetString(assembly.GetTypeReference((TypeReferenceHandle)member.Parent).Name)
                    : "";
            return (type, assembly.GetString(member.Name), signature.ReadCompressedInteger());
        }
    }
}
