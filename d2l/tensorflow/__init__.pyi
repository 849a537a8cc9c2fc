from .appendix_tools_for_deep_learning.utils import (
    DATA_HUB as DATA_HUB,
)
from .appendix_tools_for_deep_learning.utils import (
    DATA_URL as DATA_URL,
)
from .appendix_tools_for_deep_learning.utils import (
    Accumulator as Accumulator,
)
from .appendix_tools_for_deep_learning.utils import (
    Animator as Animator,
)
from .appendix_tools_for_deep_learning.utils import (
    Timer as Timer,
    TrainCallback as TrainCallback,
)
from .appendix_tools_for_deep_learning.utils import (
    accuracy as accuracy,
)
from .appendix_tools_for_deep_learning.utils import (
    download as download,
)
from .appendix_tools_for_deep_learning.utils import (
    download_extract as download_extract,
)
from .appendix_tools_for_deep_learning.utils import (
    evaluate_accuracy as evaluate_accuracy,
)
from .appendix_tools_for_deep_learning.utils import (
    evaluate_accuracy_gpu as evaluate_accuracy_gpu,
)
from .appendix_tools_for_deep_learning.utils import (
    evaluate_loss as evaluate_loss,
)
from .appendix_tools_for_deep_learning.utils import (
    extract as extract,
)
from .appendix_tools_for_deep_learning.utils import (
    get_dataloader_workers as get_dataloader_workers,
)
from .appendix_tools_for_deep_learning.utils import (
    get_fashion_mnist_labels as get_fashion_mnist_labels,
)
from .appendix_tools_for_deep_learning.utils import (
    grad_clipping as grad_clipping,
)
from .appendix_tools_for_deep_learning.utils import (
    linreg as linreg,
)
from .appendix_tools_for_deep_learning.utils import (
    load_array as load_array,
)
from .appendix_tools_for_deep_learning.utils import (
    load_data_fashion_mnist as load_data_fashion_mnist,
)
from .appendix_tools_for_deep_learning.utils import (
    sgd as sgd,
)
from .appendix_tools_for_deep_learning.utils import (
    squared_loss as squared_loss,
)
from .appendix_tools_for_deep_learning.utils import (
    synthetic_data as synthetic_data,
)
from .appendix_tools_for_deep_learning.utils import (
    train_ch6 as train_ch6,
)
from .builders_guide.custom_layer import (
    CenteredLayer as CenteredLayer,
)
from .builders_guide.custom_layer import (
    MyDense as MyDense,
)
from .builders_guide.custom_layer import (
    MyLinear as MyLinear,
)
from .builders_guide.init_param import MyInit as MyInit
from .builders_guide.model_construction import (
    FixedHiddenMLP as FixedHiddenMLP,
)
from .builders_guide.model_construction import (
    MySequential as MySequential,
)
from .builders_guide.model_construction import (
    NestMLP as NestMLP,
)
from .builders_guide.use_gpu import (
    cpu as cpu,
)
from .builders_guide.use_gpu import (
    gpu as gpu,
)
from .builders_guide.use_gpu import (
    num_gpus as num_gpus,
)
from .builders_guide.use_gpu import (
    try_all_gpus as try_all_gpus,
)
from .builders_guide.use_gpu import (
    try_gpu as try_gpu,
)
from .convolutional_neural_networks.channels import (
    corr2d_multi_in as corr2d_multi_in,
)
from .convolutional_neural_networks.channels import (
    corr2d_multi_in_out as corr2d_multi_in_out,
)
from .convolutional_neural_networks.channels import (
    corr2d_multi_in_out_1x1 as corr2d_multi_in_out_1x1,
)
from .convolutional_neural_networks.conv_layer import (
    Conv2D as Conv2D,
)
from .convolutional_neural_networks.conv_layer import (
    corr2d as corr2d,
)
from .convolutional_neural_networks.lenet import LeNet as LeNet
from .convolutional_neural_networks.lenet import init_cnn as init_cnn
from .convolutional_neural_networks.padding_and_strides import (
    comp_conv2d as comp_conv2d,
)
from .convolutional_neural_networks.pooling import pool2d as pool2d
from .linear_classification.classification import Classifier as Classifier
from .linear_classification.image_classification_dataset import (
    MNIST as MNIST,
)
from .linear_classification.image_classification_dataset import (
    Digits as Digits,
)
from .linear_classification.image_classification_dataset import (
    FashionMNIST as FashionMNIST,
)
from .linear_classification.image_classification_dataset import (
    show_images as show_images,
)
from .linear_classification.softmax_regression_concise import (
    SoftmaxRegression as SoftmaxRegression,
)
from .linear_classification.softmax_regression_scratch import (
    SoftmaxRegressionScratch as SoftmaxRegressionScratch,
)
from .linear_classification.softmax_regression_scratch import (
    cross_entropy as cross_entropy,
)
from .linear_classification.softmax_regression_scratch import (
    softmax as softmax,
)
from .linear_regression.linear_regression_concise import (
    LinearRegression as LinearRegression,
)
from .linear_regression.linear_regression_scratch import (
    SGD as SGD,
)
from .linear_regression.linear_regression_scratch import (
    LinearRegressionScratch as LinearRegressionScratch,
)
from .linear_regression.oo_design import (
    DataModule as DataModule,
)
from .linear_regression.oo_design import (
    HyperParameters as HyperParameters,
)
from .linear_regression.oo_design import (
    Module as Module,
)
from .linear_regression.oo_design import (
    ProgressBoard as ProgressBoard,
)
from .linear_regression.oo_design import (
    Trainer as Trainer,
)
from .linear_regression.oo_design import (
    add_to_class as add_to_class,
)
from .linear_regression.synthetic_regression_data import (
    SyntheticRegressionData as SyntheticRegressionData,
)
from .linear_regression.weight_decay import (
    Data as Data,
)
from .linear_regression.weight_decay import (
    WeightDecay as WeightDecay,
)
from .linear_regression.weight_decay import (
    WeightDecayScratch as WeightDecayScratch,
)
from .linear_regression.weight_decay import (
    l2_penalty as l2_penalty,
)
from .multilayer_perceptrons.dropout import (
    DropoutMLP as DropoutMLP,
)
from .multilayer_perceptrons.dropout import (
    DropoutMLPScratch as DropoutMLPScratch,
)
from .multilayer_perceptrons.dropout import (
    dropout_layer as dropout_layer,
)
from .multilayer_perceptrons.kaggle_house_price import (
    KaggleHouse as KaggleHouse,
)
from .multilayer_perceptrons.kaggle_house_price import (
    k_fold as k_fold,
)
from .multilayer_perceptrons.kaggle_house_price import (
    k_fold_data as k_fold_data,
)
from .multilayer_perceptrons.mlp_implementation import (
    MLP as MLP,
)
from .multilayer_perceptrons.mlp_implementation import (
    MLPScratch as MLPScratch,
)
from .multilayer_perceptrons.mlp_implementation import (
    relu as relu,
)
from .preliminaries.calculus import (
    Image as Image,
)
from .preliminaries.calculus import (
    plot as plot,
)
from .preliminaries.calculus import (
    plt as plt,
)
from .preliminaries.calculus import (
    set_axes as set_axes,
)
from .preliminaries.calculus import (
    set_figsize as set_figsize,
)
from .preliminaries.calculus import (
    use_svg_display as use_svg_display,
)
from .tensor import (
    abs as abs,
)
from .tensor import (
    arange as arange,
)
from .tensor import (
    argmax as argmax,
)
from .tensor import (
    astype as astype,
)
from .tensor import (
    batch_matmul as batch_matmul,
)
from .tensor import (
    concat as concat,
)
from .tensor import (
    cos as cos,
)
from .tensor import (
    cosh as cosh,
)
from .tensor import (
    exp as exp,
)
from .tensor import (
    expand_dims as expand_dims,
)
from .tensor import (
    eye as eye,
)
from .tensor import (
    float32 as float32,
)
from .tensor import (
    get_key as get_key,
)
from .tensor import (
    get_seed as get_seed,
)
from .tensor import (
    int32 as int32,
)
from .tensor import (
    int64 as int64,
)
from .tensor import (
    linspace as linspace,
)
from .tensor import (
    log as log,
)
from .tensor import (
    matmul as matmul,
)
from .tensor import (
    meshgrid as meshgrid,
)
from .tensor import (
    nn_Module as nn_Module,
)
from .tensor import (
    normal as normal,
)
from .tensor import (
    numpy as numpy,
)
from .tensor import (
    ones as ones,
)
from .tensor import (
    ones_like as ones_like,
)
from .tensor import (
    rand as rand,
)
from .tensor import (
    randn as randn,
)
from .tensor import (
    reduce_mean as reduce_mean,
)
from .tensor import (
    reduce_sum as reduce_sum,
)
from .tensor import (
    repeat as repeat,
)
from .tensor import (
    reshape as reshape,
)
from .tensor import (
    sigmoid as sigmoid,
)
from .tensor import (
    sin as sin,
)
from .tensor import (
    sinh as sinh,
)
from .tensor import (
    size as size,
)
from .tensor import (
    stack as stack,
)
from .tensor import (
    swapaxes as swapaxes,
)
from .tensor import (
    tanh as tanh,
)
from .tensor import (
    tensor as tensor,
)
from .tensor import (
    to as to,
)
from .tensor import (
    transpose as transpose,
)
from .tensor import (
    zeros as zeros,
)
from .tensor import (
    zeros_like as zeros_like,
)
