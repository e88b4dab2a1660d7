using TransferPipeline.Benchmarks;
using TransferPipeline.Contracts;

try
{
    return Questions.Answer(args);
}
catch (BadInputException problem)
{
    Console.Error.WriteLine(problem.Message);
    return 2;
}
